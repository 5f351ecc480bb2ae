package io.github.bootcluster.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.operated.OperatedApplication;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about what an application may want of its workers, and about what an operator
 * sees of the cluster from outside: pid file, list of processes, signals, exit code.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterOperationsIT {

	@TempDir
	private static Path directory;

	private static Path pidFile;

	private static Path ownPidFile;

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		pidFile = directory.resolve("master.pid");
		ownPidFile = directory.resolve("boot.pid");
		process = ClusterProcess.named("cluster-operations")
			.workers(2)
			.target(TestApplication.target(OperatedApplication.class))
			.launchedBy("env", "--default-signal=TTIN,QUIT")
			.args("--server.port=" + FreePorts.find(InetAddress.getByName("0.0.0.0")),
					"--cluster.respawn.healthy-after=1ms", "--management.endpoint.cluster.access=unrestricted",
					"--cluster.pid-file=" + pidFile, "--spring.pid.file=" + ownPidFile)
			.startReady();
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
	}

	@Test
	@Order(1)
	void pidFilesHoldTheMasterWhateverItsWorkersWrite() {
		assertThat(pidFile).hasContent(process.pid() + "\n");
		assertThat(ownPidFile).hasContent(String.valueOf(process.pid()));
	}

	@Test
	@Order(1)
	void listOfProcessesShowsTheSlots() throws Exception {
		for (JsonNode worker : process.status().get("workers")) {
			String[] arguments = Files.readString(Path.of("/proc/" + worker.get("pid").asLong() + "/cmdline"))
				.split("\0");
			assertThat(arguments[1]).isEqualTo("-Dcluster.worker.slot=" + worker.get("slot").asInt());
			assertThat(environment(worker).get("CLUSTER_WORKER_SLOT")).isEqualTo(worker.get("slot").asString());
			assertThat(environment(worker).get("CLUSTER_WORKER_ID")).isEqualTo(worker.get("id").asString());
			assertThat(environment(worker).get("CLUSTER_WORKER_GENERATION")).isEqualTo("1");
			assertThat(environment(worker).controlSocket()).exists();
		}
	}

	@Test
	@Order(2)
	void secondMasterDoesNotStartWithTheSamePidFile() throws Exception {
		try (ClusterProcess second = ClusterProcess.named("cluster-operations-second")
			.workers(1)
			.args("--cluster.pid-file=" + pidFile)
			.start()) {
			assertThat(second.exitCode()).isEqualTo(1);
			second.awaitLine("The pid file '" + pidFile + "' cannot be written: it is that of process " + process.pid()
					+ ", which is running");
		}
		assertThat(pidFile).hasContent(process.pid() + "\n");
	}

	@Test
	@Order(3)
	void forkedWorkerHasItsEnvironmentAndSoHasItsReplacement() throws Exception {
		JsonNode third = json(process.post("/fork?name=ROLE&value=reports"));
		assertThat(third.get("id").asInt()).isEqualTo(3);
		assertThat(third.get("slot").asInt()).isEqualTo(3);
		assertThat(third.get("state").asString()).isEqualTo("READY");
		assertThat(environment(third).get("ROLE")).isEqualTo("reports");
		assertThat(process.post("/kill?worker=3&signal=SIGKILL").text()).isEqualTo("sent");
		process.await("a replacement in slot 3", () -> inSlot(3).get("id").asInt() == 4);
		process.awaitReady(3);
		assertThat(environment(inSlot(3)).get("ROLE")).isEqualTo("reports");
		assertThat(process.status().at("/slots/2/lastExit/voluntary").asBoolean(true)).isFalse();
		assertThat(process.status().at("/slots/2/lastExit/kind").asString()).isEqualTo("SIGNAL");
	}

	@Test
	@Order(4)
	void whatCannotBeIsRefusedWithTheReason() throws Exception {
		assertRefused("/fork?name=CLUSTER_WORKER_ID&value=9", "CLUSTER_WORKER_ID is set by the master itself");
		assertRefused("/kill?worker=1&signal=USR2", "Signal 'USR2' cannot be sent: allowed are ABRT, CONT, HUP");
		assertRefused("/disconnect?worker=99", "There is no worker 99, only 1, 2, 4");
		HttpAnswer missing = process.get("/actuator/cluster/99");
		assertThat(missing.status()).isEqualTo(404);
		assertThat(json(process.get("/actuator/cluster/2")).get("slot").asInt()).isEqualTo(2);
	}

	@Test
	@Order(5)
	void quitReachesOnlyTheProcessThatItWasSentTo() throws Exception {
		int mark = process.output().mark();
		process.signal("QUIT");
		process.awaitLine(mark, "^Full thread dump");
		process.freeze(process.pid());
		process.signal("CONT");
		assertThat(process.awaitReady(3)).hasSize(3);
		process.signal("QUIT", inSlot(2).get("pid").asLong());
		process.awaitLine(mark, "worker-2 .*Full thread dump");
	}

	@Test
	@Order(6)
	void workerThatIsDisconnectedIsGoneForGoodFromAnyOrigin() throws Exception {
		try (HttpConnection connection = process.connect()) {
			int asker = json(connection.exchange("GET", "/")).get("id").asInt();
			int other = (asker != 1) ? 1 : 2;
			JsonNode outcome = json(connection.exchange("POST", "/disconnect?worker=" + other));
			assertThat(outcome.at("/worker/state").asString()).isEqualTo("EXITED");
			assertThat(outcome.at("/exit/voluntary").asBoolean()).isTrue();
			assertThat(outcome.at("/exit/exitCode").asInt(-1)).isZero();
			HttpAnswer last = connection.exchange("POST", "/disconnect?worker=" + asker);
			assertThat(json(last).at("/worker/id").asInt()).isEqualTo(asker);
			assertThat(json(last).get("exit").isNull()).isTrue();
			process.await("end of worker " + asker, () -> process.workers().size() == 1);
		}
		assertThat(process.status().get("wanted").asInt()).isOne();
	}

	@Test
	@Order(7)
	void masterWithoutWorkersRefusesConnectionsUntilThereIsOneAgain() throws Exception {
		assertThat(process.post("/disconnect-all").text()).isEqualTo("all others have ended");
		process.await("refused connections", ClusterOperationsIT::isRefused);
		assertThat(process.workers()).isEmpty();
		assertThat(process.isAlive()).isTrue();
		int mark = process.output().mark();
		process.signal("TTIN");
		process.awaitLine(mark, "Scaled up from 0 to 1 workers \\(requested by signal TTIN\\)");
		assertThat(process.awaitReady(1)).hasSize(1);
	}

	@Test
	@Order(8)
	void operationThatTheMasterDoesNotAnswerIsUnavailable() throws Exception {
		Set<Long> old = process.workers();
		try (HttpConnection connection = process.connect()) {
			assertThat(connection.get("/").status()).isEqualTo(200);
			int mark = process.output().mark();
			process.freeze(process.pid());
			try {
				HttpAnswer answer = connection.exchange("POST", "/actuator/cluster/restart");
				assertThat(answer.status()).as(answer.text()).isEqualTo(503);
				assertThat(answer.text()).contains("The master does not answer");
				assertThat(connection.get("/").status()).as("the service goes on").isEqualTo(200);
			}
			finally {
				process.signal("CONT");
			}
			process.awaitLine(mark, "Rolling restart \\S+ completed");
		}
		process.await("end of the old worker", () -> process.workers().stream().noneMatch(old::contains));
	}

	@Test
	@Order(9)
	void operationThatHasBegunIsUnavailableOnceTheMasterDoesNotAnswerAnyMore() throws Exception {
		int mark = process.output().mark();
		Set<Long> old = process.workers();
		try (HttpConnection connection = HttpConnection.open(process.port(), Duration.ofSeconds(60))) {
			FutureTask<HttpAnswer> answer = new FutureTask<>(
					() -> connection.exchange("POST", "/actuator/cluster/restart?wait=true"));
			new Thread(answer, "operator").start();
			process.awaitLine(mark, "Starting rolling restart ");
			process.freeze(process.pid());
			try {
				assertThat(answer.get(60, TimeUnit.SECONDS).status()).isEqualTo(503);
				assertThat(answer.get().text()).contains("The master does not answer");
			}
			finally {
				process.signal("CONT");
			}
			process.awaitLine(mark, "Rolling restart \\S+ completed");
		}
		process.await("end of the old worker", () -> process.workers().stream().noneMatch(old::contains)
				&& process.status().get("workers").size() == 1);
	}

	@Test
	@Order(10)
	void oneWorkerIsReplacedByTheEndpointByAnotherOfItsGeneration() throws Exception {
		JsonNode old = process.status().get("workers").get(0);
		HttpAnswer answer = process.post("/actuator/cluster/%d/restart".formatted(old.get("id").asInt()));
		assertThat(answer.status()).as(answer.text()).isEqualTo(202);
		process.await("end of the old worker", () -> process.status().get("workers").size() == 1
				&& !process.workers().contains(old.get("pid").asLong()));
		JsonNode replacement = process.status().get("workers").get(0);
		assertThat(replacement.get("id").asInt()).isGreaterThan(old.get("id").asInt());
		assertThat(replacement.get("generation").asInt()).isEqualTo(old.get("generation").asInt());
		answer = process.post("/actuator/cluster/%d/kill?signal=NONE".formatted(replacement.get("id").asInt()));
		assertThat(answer.status()).isEqualTo(400);
		assertThat(answer.text()).contains("NONE", "allowed are");
	}

	@Test
	@Order(11)
	void shutdownByTheEndpointEndsAllWithExitCodeZero() throws Exception {
		// All that a signal to the master could set off has long been written
		assertThat(process.output().linesMatching("worker-\\d+ .*Full thread dump")).hasSize(1);
		Set<Long> workers = process.workers();
		HttpAnswer answer = process.post("/actuator/cluster/shutdown");
		assertThat(answer.status()).isEqualTo(202);
		assertThat(answer.text()).isEqualTo("{\"workers\":1}");
		assertThat(process.exitCode()).isZero();
		assertThat(workers).noneMatch(ClusterProcess::isAlive);
		assertThat(pidFile).doesNotExist();
		assertThat(ownPidFile).doesNotExist();
	}

	private static boolean isRefused() {
		try (HttpConnection connection = process.connect()) {
			return false;
		}
		catch (ExchangeFailedException ex) {
			return ex.outcome() == Outcome.CONNECT_REFUSED;
		}
	}

	private static void assertRefused(String path, String reason) throws Exception {
		HttpAnswer answer = process.post(path);
		assertThat(answer.status()).as(answer.text()).isEqualTo(400);
		assertThat(json(answer).get("refusal").asString()).contains(reason);
	}

	private static JsonNode inSlot(int slot) throws Exception {
		for (JsonNode worker : process.status().get("workers")) {
			if (worker.get("slot").asInt() == slot) {
				return worker;
			}
		}
		return JsonMapper.shared().createObjectNode().put("id", 0);
	}

	private static WorkerEnvironment environment(JsonNode worker) throws IOException {
		return WorkerEnvironment.of(worker.get("pid").asLong());
	}

	private static JsonNode json(HttpAnswer answer) {
		assertThat(answer.status()).as(answer.text()).isIn(200, 400);
		return JsonMapper.shared().readTree(answer.text());
	}

}
