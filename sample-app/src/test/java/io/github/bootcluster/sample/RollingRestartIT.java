package io.github.bootcluster.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about the replacement of all workers, one after another, under load.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RollingRestartIT {

	private static final int WORKERS = 2;

	private static final Path FOLDER = Path.of("target", "it-rolling-restart");

	private static final Path JAR = FOLDER.resolve("app.jar");

	private static final Path SETTINGS = FOLDER.resolve("application.properties");

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		Files.createDirectories(FOLDER);
		Files.deleteIfExists(SETTINGS);
		Files.copy(Path.of(System.getProperty("sample.jar")), JAR, StandardCopyOption.REPLACE_EXISTING,
				StandardCopyOption.COPY_ATTRIBUTES);
		process = ClusterProcess.named("rolling-restart")
			.workers(WORKERS)
			// Else a test run that was started by nohup would pass its deafness on
			.launchedBy("env", "--default-signal=HUP")
			.target("-jar", JAR.toString())
			// Only with more than two does the common pool have threads, up to Java 24
			.jvmArgs("-XX:ActiveProcessorCount=4")
			.args("--spring.config.additional-location=optional:file:" + FOLDER + "/")
			.startReady();
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
		Files.deleteIfExists(JAR);
		Files.deleteIfExists(SETTINGS);
	}

	@Test
	@Order(1)
	void threeRestartsInARowLoseNothing() throws Exception {
		Set<Long> pids = new TreeSet<>(process.awaitReady());
		try (MixedLoad load = MixedLoad.start(process.port())) {
			for (String signal : List.of("HUP", "USR1", "HUP")) {
				load.awaitProgress();
				Set<Long> old = process.workers();
				String id = begin(signal);
				assertCompleted(id);
				assertThat(process.awaitReplaced(old)).hasSize(WORKERS);
				pids.addAll(process.workers());
			}
			load.awaitProgress();
			LoadReport report = FaultLine.print("threeRestartsInARowLoseNothing", 3, load.stop());
			assertAllAnswered(report);
			assertThat(report.pids()).isEqualTo(pids);
		}
		assertThat(pids).hasSize(4 * WORKERS);
	}

	@Test
	@Order(2)
	void oldWorkersServeUntilTheirSuccessorsAreReady() {
		for (int slot = 1; slot <= WORKERS; slot++) {
			List<LoggedEvent> life = new ArrayList<>();
			for (LoggedEvent event : LoggedEvent.of(process)) {
				if (event.name().matches("Worker(Ready|Disconnected|Exited)") && event.slot() == slot) {
					life.add(event);
				}
			}
			assertThat(life).extracting(LoggedEvent::name)
				.containsExactly("WorkerReady", "WorkerReady", "WorkerDisconnected", "WorkerExited", "WorkerReady",
						"WorkerDisconnected", "WorkerExited", "WorkerReady", "WorkerDisconnected", "WorkerExited");
			assertThat(life).filteredOn((event) -> event.name().equals("WorkerReady"))
				.extracting(LoggedEvent::generation)
				.containsExactly(1, 2, 3, 4);
			assertThat(life).filteredOn((event) -> event.name().equals("WorkerExited"))
				.allSatisfy((event) -> assertThat(event.text())
					.endsWith(" exited with code 0 (replaced by generation " + (event.generation() + 1) + ")"));
		}
	}

	@Test
	@Order(3)
	void secondRestartIsRefusedWhileOneRuns() throws Exception {
		Set<Long> old = process.awaitReady();
		int mark = process.output().mark();
		JsonNode accepted = json(process.restart(), 202);
		String id = accepted.get("id").asString();
		assertThat(accepted.get("state").asString()).isEqualTo("RUNNING");
		JsonNode refused = json(process.restart(), 409);
		assertThat(refused.get("id").asString()).isEqualTo(id);
		process.signal("HUP");
		process.awaitLine(mark, "Received HUP: Rolling restart '" + id + "' is still running");
		process.await("progress", () -> {
			JsonNode restart = process.status().get("restart");
			assertThat(restart.get("id").asString()).isEqualTo(id);
			return restart.get("replaced").asInt() == 1 && restart.get("state").asString().equals("RUNNING");
		});
		assertCompleted(id);
		process.awaitReplaced(old);
		assertThat(process.output().linesMatching("RollingRestartStartedEvent")).hasSize(4);
		JsonNode status = awaitStatus(id, "COMPLETED");
		assertThat(status.get("generation").asInt()).isEqualTo(5);
		assertThat(status.get("restart").get("replaced").asInt()).isEqualTo(WORKERS);
		assertThat(status.get("restart").get("endedAt").isNull()).isFalse();
		assertThat(status.get("master").get("pid").asLong()).isEqualTo(process.pid());
		assertThat(status.get("workers")).hasSize(WORKERS).allSatisfy((worker) -> {
			assertThat(worker.get("pid").asLong()).isIn(process.workers());
			assertThat(worker.get("state").asString()).isEqualTo("READY");
			assertThat(worker.get("generation").asInt()).isEqualTo(5);
		});
	}

	@Test
	@Order(4)
	void jarThatIsNoneIsRefused() throws Exception {
		Path broken = FOLDER.resolve("broken.jar");
		Files.writeString(broken, "This is no JAR");
		Path good = FOLDER.resolve("good.jar");
		Files.copy(JAR, good, StandardCopyOption.REPLACE_EXISTING);
		replaceJarBy(broken);
		try {
			Set<Long> old = process.awaitReady();
			int mark = process.output().mark();
			String problem = "No snapshot of '" + JAR.toRealPath() + "' can be taken: it is no whole JAR ";
			process.signal("HUP");
			process.awaitLine(mark, "ERROR .*Rolling restart \\S+ is aborted: .*" + problem);
			process.awaitLine(mark, "Received HUP: Rolling restart \\S+ is aborted: " + problem);
			JsonNode refused = json(process.restart(), 500);
			assertThat(refused.get("message").asString()).contains(problem);
			assertThat(awaitStatus(refused.get("id").asString(), "ABORTED").get("generation").asInt()).isEqualTo(5);
			JsonNode awaited = json(process.restartAndAwait(), 500);
			assertThat(awaited.get("state").asString()).isEqualTo("ABORTED");
			assertThat(awaited.get("reason").asString()).startsWith(problem);
			assertThat(process.workers()).isEqualTo(old);
		}
		finally {
			replaceJarBy(good);
		}
	}

	@Test
	@Order(5)
	void generationThatFailsToStartLeavesTheOldOneWhole() throws Exception {
		Files.writeString(SETTINGS, "sample.fail-on-start=true\n");
		assertAborted("The start fails because sample.fail-on-start is set");
		Files.delete(SETTINGS);
		Set<Long> old = process.awaitReady();
		assertCompleted(begin("HUP"));
		process.awaitReplaced(old);
	}

	private static void replaceJarBy(Path other) throws Exception {
		Files.move(other, JAR, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
	}

	private static String begin(String signal) throws Exception {
		int mark = process.output().mark();
		process.signal(signal);
		return process.awaitLine(mark, "Received " + signal + ": rolling restart (\\S+)").group(1);
	}

	private static void assertCompleted(String id) throws Exception {
		LoggedEvent completed = awaitEvent("RollingRestartCompleted", id);
		assertThat(completed.field("state")).isEqualTo("COMPLETED");
		assertThat(completed.field("reason")).isEqualTo("null");
		assertThat(completed.field("endedAt")).isNotEqualTo("null");
		List<LoggedEvent> events = LoggedEvent.of(process)
			.stream()
			.filter((event) -> event.name().startsWith("RollingRestart") && event.field("id").equals(id))
			.toList();
		assertThat(events).extracting(LoggedEvent::name)
			.containsExactly("RollingRestartStarted", "RollingRestartProgressed", "RollingRestartProgressed",
					"RollingRestartCompleted");
		assertThat(events).extracting((event) -> event.field("replaced")).containsExactly("0", "1", "2", "2");
		assertThat(events).extracting((event) -> event.field("total")).containsOnly(Integer.toString(WORKERS));
	}

	private static void assertAborted(String lastLine) throws Exception {
		Set<Long> old = process.awaitReady();
		try (MixedLoad load = MixedLoad.start(process.port())) {
			load.awaitProgress();
			String id = begin("HUP");
			LoggedEvent aborted = awaitEvent("RollingRestartAborted", id);
			assertThat(aborted.field("state")).isEqualTo("ABORTED");
			assertThat(aborted.field("replaced")).isEqualTo("0");
			assertThat(aborted.field("reason")).matches("worker \\d+ exited with code 1");
			assertThat(aborted.text()).contains(lastLine);
			JsonNode restart = awaitStatus(id, "ABORTED").get("restart");
			assertThat(restart.get("reason").asString()).isEqualTo(aborted.field("reason"));
			assertThat(restart.get("lastLines").toString()).contains(lastLine);
			load.awaitProgress();
			LoadReport report = LoadReport.sum(load.stop());
			assertAllAnswered(report);
			assertThat(report.pids()).isEqualTo(old);
		}
		process.await("no worker but the old ones", () -> process.workers().equals(old));
	}

	/**
	 * Waits until whichever worker is asked knows the outcome of a restart.
	 * @param id the restart's id
	 * @param state the state to wait for
	 * @return the cluster's status
	 */
	private static JsonNode awaitStatus(String id, String state) throws Exception {
		process.await(state, () -> hasRestart(process.status(), id, state) && hasRestart(process.status(), id, state));
		return process.status();
	}

	private static boolean hasRestart(JsonNode status, String id, String state) {
		JsonNode restart = status.get("restart");
		return restart.get("id").asString().equals(id) && restart.get("state").asString().equals(state);
	}

	private static JsonNode json(HttpAnswer answer, int status) {
		assertThat(answer.status()).as(answer.text()).isEqualTo(status);
		return JsonMapper.shared().readTree(answer.text());
	}

	private static LoggedEvent awaitEvent(String name, String id) throws Exception {
		process.awaitLine(name + "Event: .*id=" + id);
		return LoggedEvent.of(process)
			.stream()
			.filter((event) -> event.name().equals(name) && event.field("id").equals(id))
			.findFirst()
			.orElseThrow();
	}

	private static void assertAllAnswered(LoadReport report) {
		assertThat(report.count(Outcome.OK)).as(report.toString()).isEqualTo(report.total());
	}

}
