package io.github.bootcluster.sample;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises of the harness itself, on the unclustered application: its verdicts on a
 * cluster are worth what it notices here.
 */
class ClusterProcessIT {

	@Test
	void crashIsNoticedWithItsExitCode() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("harness-crash")
			.workers(0)
			.args("--sample.chaos=true", "--sample.second-port=0", "--sample.start-delay=1ms")
			.startReady()) {
			assertThat(process.awaitReady()).containsExactly(process.pid());
			assertThat(process.processes()).containsExactly(process.pid());
			assertThat(process.workers()).isEmpty();
			int secondPort = Integer.parseInt(process.awaitLine("Second server started on port (\\d+)").group(1));
			assertThat(get(secondPort)).isEqualTo("slot null\n");
			LoadClient load = LoadClient.newConnections(process.port()).threads(2).start();
			load.awaitMore(50);
			assertThatExceptionOfType(ExchangeFailedException.class).isThrownBy(() -> process.post("/exit?code=3"))
				.satisfies((ex) -> assertThat(ex.outcome()).isIn(Outcome.CLOSED_BEFORE_RESPONSE,
						Outcome.RESET_BEFORE_RESPONSE));
			assertThat(process.exitCode()).isEqualTo(3);
			load.awaitMore(10);
			LoadReport report = load.stop();
			assertThat(report.count(Outcome.OK)).as(report.toString()).isGreaterThanOrEqualTo(50);
			assertThat(report.count(Outcome.CONNECT_REFUSED)).as(report.toString()).isPositive();
			assertThat(report.pids()).containsExactly(process.pid());
		}
	}

	@Test
	void failedStartIsNoticedAtOnce() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("harness-failed-start")
			.workers(0)
			.args("--sample.fail-on-start=true")
			.start()) {
			assertThatExceptionOfType(AssertionError.class).isThrownBy(process::port)
				.withMessageContaining("The start fails because sample.fail-on-start is set");
			assertThat(process.exitCode()).isOne();
		}
	}

	@Test
	void workersAreToldApartAndTheirReplacementAwaited() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("harness-workers")
			.workers(2)
			.target(TestApplication.target(StandInCluster.class))
			.launchedBy("prlimit", "--nofile=200:200")
			.startReady()) {
			Set<Long> first = process.awaitReady();
			assertThat(first).hasSize(2).isEqualTo(process.workers()).doesNotContain(process.pid());
			assertThat(process.processes()).containsAll(first).contains(process.pid()).hasSize(3);
			assertThat(ProcessProbe.openDescriptors(process.pid())).isBetween(3L, 200L);
			assertThat(ProcessProbe.residentMemory(process.pid()).toMegabytes()).isBetween(5L, 500L);
			LoadClient load = LoadClient.keepAlive(process.port()).start();
			load.awaitMore(50);
			first.forEach(process::killHard);
			Set<Long> second = process.awaitReplaced(first);
			assertThat(second).hasSize(2).isEqualTo(process.workers()).doesNotContainAnyElementsOf(first);
			load.awaitMore(50);
			LoadReport report = load.stop();
			assertThat(report.pids()).containsAnyElementsOf(first).containsAnyElementsOf(second);
			assertThat(report.count(Outcome.STALE_KEEPALIVE) + report.lost()).as(report.toString()).isPositive();
			assertThat(report.count(Outcome.CLIENT_ERROR)).as(report.toString()).isZero();
			process.signal("KILL");
			assertThat(process.awaitNoProcess(Duration.ofSeconds(10))).isTrue();
		}
	}

	@Test
	void orphanAndLeftoverFilesAreReportedAndEnded() throws Exception {
		ClusterProcess process = ClusterProcess.named("harness-orphan")
			.workers(0)
			.target(TestApplication.target(ForgetfulMaster.class))
			.start();
		assertThat(process.exitCode()).isZero();
		assertThat(process.processes()).hasSize(1);
		assertThatExceptionOfType(AssertionError.class).isThrownBy(process::close)
			.withMessageContaining("Processes outlived their master")
			.withMessageContaining("Files were left behind");
		assertThat(process.awaitNoProcess(Duration.ofSeconds(5))).isTrue();
		assertThat(process.temporaryFolder()).doesNotExist();
	}

	private static String get(int port) throws ExchangeFailedException {
		try (HttpConnection connection = HttpConnection.open(port, Duration.ofSeconds(5))) {
			return connection.get("/").text();
		}
	}

	/**
	 * Leaves behind a child and a file.
	 */
	public static final class ForgetfulMaster {

		private ForgetfulMaster() {
		}

		public static void main(String[] args) throws IOException {
			Files.createTempFile("cluster", ".sock");
			new ProcessBuilder("sleep", "1000").redirectErrorStream(true).redirectOutput(Redirect.DISCARD).start();
		}

	}

}
