package io.github.bootcluster.sample;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises where file descriptors run out: as root, whom the kernel lets have as many as
 * it likes on their way, and as another account.
 */
class DescriptorExhaustionIT {

	/**
	 * The fewest that a master starts with two workers with: less than two workers may
	 * leave without an ack.
	 */
	private static final String LIMIT = "--nofile=272:272";

	private static final int CONNECTIONS = 400;

	private static final String EVENT_LOOP = "cluster-io";

	@Test
	void masterWithoutDescriptorsWaitsAndGoesOnAfterwards() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("exhaustion")
			.workers(2)
			.launchedBy("prlimit", LIMIT)
			// One descriptor, and not one for each library
			.target("-jar", System.getProperty("sample.jar"))
			.args("--cluster.archive.enabled=false")
			.startReady()) {
			assertThatMasterWaitsAndGoesOn(process);
		}
	}

	@Test
	void masterOfAnotherAccountWithoutDescriptorsWaitsAndGoesOnAfterwards() throws Exception {
		try (OtherAccount account = OtherAccount.assumeAvailable();
				ClusterProcess process = ClusterProcess.named("exhaustion-other-account")
					.workers(2)
					.launchedBy(OtherAccount.becoming("prlimit", LIMIT))
					.openTemporaryFolder()
					.target("-jar", account.readableCopy(Path.of(System.getProperty("sample.jar"))).toString())
					.args("--cluster.archive.enabled=false")
					.startReady()) {
			assertThatMasterWaitsAndGoesOn(process);
			assertThatAllWorkersCanBeReplaced(process);
		}
	}

	private static void assertThatMasterWaitsAndGoesOn(ClusterProcess process) throws Exception {
		Set<Long> workers = process.workers();
		workers.forEach(process::freeze);
		try (PendingRequests requests = PendingRequests.send(process.port(), CONNECTIONS, Duration.ofSeconds(60))) {
			process.awaitLine("WARN .*Cannot accept on .*, connections wait");
			assertThatThreadWaits(process);
			assertThat(process.output().linesMatching("Cannot accept on ")).hasSize(1);
			workers.forEach((worker) -> process.signal("CONT", worker));
			assertThat(requests.awaitPids()).hasSize(CONNECTIONS).allMatch(workers::contains);
		}
		assertThat(process.output().linesMatching(" WARN ")).hasSizeLessThan(20);
		assertThat(process.awaitReady()).isEqualTo(workers);
		process.await("closed descriptors", () -> ProcessProbe.openDescriptors(process.pid()) < 100);
	}

	private static void assertThatAllWorkersCanBeReplaced(ClusterProcess process) throws Exception {
		Set<Long> workers = process.workers();
		workers.forEach(process::freeze);
		int mark = process.output().mark();
		try (PendingRequests requests = PendingRequests.send(process.port(), CONNECTIONS, Duration.ofSeconds(60))) {
			process.awaitLine(mark, "WARN .*Cannot accept on .*, connections wait");
			workers.forEach(process::killHard);
			assertThat(requests.awaitPids()).hasSize(CONNECTIONS).doesNotContainAnyElementsOf(workers);
		}
		assertThat(process.awaitReplaced(workers)).hasSize(2);
	}

	/**
	 * A thread that spins does not wait, so the first condition would never be met; each
	 * turn of a thread that waits takes far less than a tick.
	 * @param process the cluster
	 * @throws Exception if the thread is gone
	 */
	private static void assertThatThreadWaits(ClusterProcess process) throws Exception {
		long ticks = ProcessProbe.threadTicks(process.pid(), EVENT_LOOP);
		long waits = ProcessProbe.threadWaits(process.pid(), EVENT_LOOP) + 10;
		process.await("a thread that waits", () -> ProcessProbe.threadWaits(process.pid(), EVENT_LOOP) >= waits);
		assertThat(ProcessProbe.threadTicks(process.pid(), EVENT_LOOP) - ticks).isLessThan(20);
	}

}
