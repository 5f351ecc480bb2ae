package io.github.bootcluster.sample;

import java.net.InetAddress;
import java.net.ServerSocket;

import io.github.bootcluster.eventful.EventfulApplication;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about a first start that comes to nothing: it is told once, nothing is tried
 * again, and nothing is left.
 */
class FailedStartIT {

	@Test
	void masterEndsWithTheFailureOfItsFirstWorker() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("failed-start")
			.workers(2)
			.args("--sample.fail-on-start=true")
			.start()) {
			assertEndsWithOneFailure(process, "exited with code 1");
			assertThat(process.output().linesMatching("^worker-1 .*ERROR .*Application run failed")).hasSize(1);
			assertThat(process.output()
				.linesMatching("^worker-1 .*Caused by: .*The start fails because sample.fail-on-start is set"))
				.isNotEmpty();
		}
	}

	@Test
	void portInUseIsToldAsBootTellsIt() throws Exception {
		try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"));
				ClusterProcess process = ClusterProcess.named("failed-start-port")
					.workers(2)
					.args("--server.port=" + other.getLocalPort())
					.start()) {
			assertEndsWithOneFailure(process, "exited with code 1");
			assertThat(process.output()
				.linesMatching("Web server failed to start\\. Port " + other.getLocalPort() + " was already in use\\."))
				.singleElement()
				.asString()
				.startsWith("worker-1 | ");
			assertThat(process.output().linesMatching("^worker-1 .*APPLICATION FAILED TO START")).hasSize(1);
		}
	}

	@Test
	void workerThatFailsJustBeforeItIsReadyIsNotFollowedByAnother() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("failed-start-late")
			.workers(2)
			.target(TestApplication.target(EventfulApplication.class))
			.args("--eventful.fail-on-run=true")
			.start()) {
			assertEndsWithOneFailure(process, "ended by itself with code 1");
			assertThat(process.output().linesMatching("^worker-1 .*ERROR .*Application run failed")).hasSize(1);
		}
	}

	@Test
	void workerThatIsNotReadyInTimeIsNotFollowedByAnother() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("failed-start-slow")
			.workers(2)
			.args("--sample.start-delay=50s", "--cluster.worker.start-timeout=1s")
			.start()) {
			assertEndsWithOneFailure(process, "(it was not ready within ");
			assertThat(process.output().linesMatching("set cluster\\.worker\\.start-timeout, which is 1 s, to more"))
				.hasSize(1);
		}
	}

	@Test
	void termDuringTheFirstStartEndsItInOrder() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("failed-start-term")
			.workers(2)
			.args("--sample.start-delay=50s")
			.start()) {
			process.awaitLine("WorkerOnlineEvent: ");
			process.signal("TERM");
			assertThat(process.exitCode()).isZero();
			assertThat(process.processes()).isEmpty();
			assertThat(process.output().linesMatching("WorkerForkedEvent")).hasSize(1);
			assertThat(process.output().linesMatching("APPLICATION FAILED TO START")).isEmpty();
		}
	}

	private static void assertEndsWithOneFailure(ClusterProcess process, String reason) throws Exception {
		assertThat(process.exitCode()).isOne();
		assertThat(process.processes()).isEmpty();
		assertThat(process.output().linesMatching(": Worker \\d+ \\(slot .* was forked")).hasSize(1);
		assertThat(process.output().linesMatching("The first worker of the cluster did not become ready: "))
			.singleElement()
			.asString()
			.contains(reason);
	}

}
