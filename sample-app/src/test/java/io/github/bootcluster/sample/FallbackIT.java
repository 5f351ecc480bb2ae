package io.github.bootcluster.sample;

import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises where Netty's native transport cannot be loaded.
 */
class FallbackIT {

	@Test
	void workersShareThePortThemselvesWithoutTheNativeTransport() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("fallback")
			.workers(2)
			.jvmArgs("-Dio.netty.transport.noNative=true")
			.args("--management.server.port=0")
			.startReady()) {
			assertThat(process.output().linesMatching(" WARN ")).singleElement()
				.asString()
				.contains("Connections cannot be passed to workers", "SO_REUSEPORT")
				.doesNotStartWith("worker-");
			Set<Long> first = process.workers();
			assertThat(process.awaitReady()).isEqualTo(first).hasSize(2);
			process.await("Both servers of each worker have started",
					() -> process.output().linesMatching("Netty started on port").size() == 4);
			Set<Integer> ports = process.ports();
			assertThat(ports).hasSize(2);
			process.await("Each worker is known to listen on both ports",
					() -> process.output().linesMatching("WorkerListeningEvent.* by UNMANAGED").size() == 4);
			for (long worker : first) {
				assertThat(ProcessProbe.listeningAddresses(worker)).extracting("port")
					.containsExactlyInAnyOrderElementsOf(ports);
			}
			assertThat(ProcessProbe.listeningAddresses(process.pid())).isEmpty();
			assertReplacedAndRestarted(process, first);
			assertThat(process.ports()).isEqualTo(ports);
		}
	}

	private static void assertReplacedAndRestarted(ClusterProcess process, Set<Long> first) throws Exception {
		long killed = first.iterator().next();
		process.killHard(killed);
		Set<Long> second = process.awaitReplaced(Set.of(killed));
		assertThat(second).hasSize(2).isEqualTo(process.workers());
		process.signal("HUP");
		process.awaitLine("RollingRestartCompletedEvent");
		assertThat(process.awaitReplaced(second)).isEqualTo(process.workers());
		assertThat(process.get("/").text()).contains("\"generation\":2");
	}

}
