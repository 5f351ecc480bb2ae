package io.github.bootcluster.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

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
 * Promises about restarts that something goes wrong in, under load.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RestartFaultIT {

	private static final int WORKERS = 2;

	private static final Path FOLDER = Path.of("target", "it-restart-fault");

	private static final Path JAR = FOLDER.resolve("app.jar");

	private static final Path SETTINGS = FOLDER.resolve("application.properties");

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		Files.createDirectories(FOLDER);
		Files.deleteIfExists(SETTINGS);
		Files.copy(sampleJar(), JAR, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES);
		process = ClusterProcess.named("restart-fault")
			.workers(WORKERS)
			// A process group of its own
			.launchedBy("setsid")
			.target("-jar", JAR.toString())
			.args("--spring.config.additional-location=optional:file:" + FOLDER + "/",
					"--cluster.worker.start-timeout=15s", "--cluster.respawn.healthy-after=1ms",
					"--logging.level.io.github.bootcluster.sample=debug")
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

	private static Path sampleJar() {
		return Path.of(System.getProperty("sample.jar"));
	}

	@Test
	@Order(1)
	void newWorkerKilledWhileItStartsLeavesTheOldGenerationWhole() throws Exception {
		Set<Long> old = process.awaitReady();
		try (MixedLoad load = MixedLoad.start(process.port())) {
			load.awaitProgress();
			Restart restart = Restart.begin(process);
			process.killHard(restart.awaitFork().pid());
			LoggedEvent aborted = restart.awaitAborted();
			assertThat(aborted.field("replaced")).isEqualTo("0");
			assertThat(aborted.field("reason")).contains("signal 9 (KILL)");
			load.awaitProgress();
			assertNothingLost("newWorkerKilledWhileItStartsLeavesTheOldGenerationWhole", load.stop(), old);
		}
		assertThat(process.workers()).isEqualTo(old);
	}

	@Test
	@Order(2)
	void oldWorkerKilledWhileItDrainsTakesNothingWithItButWhatItWasReading() throws Exception {
		Set<Long> old = process.awaitReady();
		try (MixedLoad load = MixedLoad.start(process.port())) {
			load.awaitProgress();
			// The first slot's worker is the first to go
			long victim = LoggedEvent.last(process, "WorkerReady", 1).orElseThrow().pid();
			SlowRequest pending = SlowRequest.begin(process, victim, 29_000);
			Restart restart = Restart.begin(process);
			process.await("a drain of " + victim, () -> isDraining(victim));
			process.killHard(victim);
			assertThat(pending.answer()).failsWithin(Duration.ofSeconds(10));
			restart.awaitCompleted();
			process.awaitReplaced(old);
			load.awaitProgress();
			LoadReport report = FaultLine.print("oldWorkerKilledWhileItDrainsTakesNothingWithItButWhatItWasReading", 1,
					load.stop());
			assertOnlyReadingsLost(report, MixedLoad.MAX_IN_FLIGHT);
		}
		assertThat(process.workers()).hasSize(WORKERS).doesNotContainAnyElementsOf(old);
	}

	private static boolean isDraining(long pid) throws ExchangeFailedException {
		for (JsonNode worker : process.status().get("workers")) {
			if (worker.get("pid").asLong() == pid) {
				return worker.get("state").asString().equals("DRAINING");
			}
		}
		throw new AssertionError("Worker " + pid + " has ended");
	}

	@Test
	@Order(3)
	void restartsAskedForAtOnceAreOneRestart() throws Exception {
		Set<Long> old = process.awaitReady();
		try (MixedLoad load = MixedLoad.start(process.port())) {
			load.awaitProgress();
			List<CompletableFuture<HttpAnswer>> asked = new ArrayList<>();
			for (int i = 0; i < 2; i++) {
				asked.add(CompletableFuture.supplyAsync(RestartFaultIT::ask, (task) -> new Thread(task).start()));
			}
			List<HttpAnswer> answers = List.of(asked.get(0).get(), asked.get(1).get());
			assertThat(answers).extracting(HttpAnswer::status).containsExactlyInAnyOrder(202, 409);
			assertThat(id(answers.get(0))).isEqualTo(id(answers.get(1)));
			process.awaitLine("RollingRestartCompletedEvent: .*id=" + id(answers.get(0)));
			process.awaitReplaced(old);
			load.awaitProgress();
			assertNothingLost("restartsAskedForAtOnceAreOneRestart", load.stop());
		}
	}

	private static HttpAnswer ask() {
		try {
			return process.restart();
		}
		catch (ExchangeFailedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String id(HttpAnswer answer) {
		return JsonMapper.shared().readTree(answer.text()).get("id").asString();
	}

	@Test
	@Order(4)
	void jarThatNeverBecomesReadyReplacesNothing() throws Exception {
		Set<Long> old = process.awaitReady();
		Files.writeString(SETTINGS, "sample.start-delay=10m\n");
		try (MixedLoad load = MixedLoad.start(process.port())) {
			load.awaitProgress();
			LoggedEvent aborted = Restart.begin(process).awaitAborted();
			assertThat(aborted.field("replaced")).isEqualTo("0");
			assertThat(aborted.field("reason")).contains("not ready within ", " and was idle");
			load.awaitProgress();
			assertNothingLost("jarThatNeverBecomesReadyReplacesNothing", load.stop(), old);
		}
		finally {
			Files.delete(SETTINGS);
		}
		process.await("no worker but the old ones", () -> process.workers().equals(old));
	}

	@Test
	@Order(5)
	void halfWrittenJarReplacesNothing() throws Exception {
		Set<Long> old = process.awaitReady();
		try (MixedLoad load = MixedLoad.start(process.port())) {
			load.awaitProgress();
			byte[] whole = Files.readAllBytes(sampleJar());
			overwriteJar(Arrays.copyOf(whole, whole.length / 2));
			HttpAnswer answer = process.post("/actuator/cluster/restart?wait=true");
			assertThat(answer.status()).as(answer.text()).isBetween(500, 599);
			assertThat(answer.text()).contains("ABORTED").contains("app.jar");
			load.awaitProgress();
			assertNothingLost("halfWrittenJarReplacesNothing", load.stop(), old);
		}
		finally {
			overwriteJar(Files.readAllBytes(sampleJar()));
		}
	}

	/**
	 * Writes into the very file that runs, as careless deployments do.
	 * @param content the new content
	 */
	private static void overwriteJar(byte[] content) throws Exception {
		Files.write(JAR, content, StandardOpenOption.TRUNCATE_EXISTING);
	}

	@Test
	@Order(6)
	void jarOverwrittenInPlaceHarmsNeitherWorkersNorTheirReplacements() throws Exception {
		Set<Long> old = process.awaitReady();
		try (MixedLoad load = MixedLoad.start(process.port())) {
			load.awaitProgress();
			overwriteJar("This is no JAR".getBytes());
			load.awaitProgress();
			long victim = old.iterator().next();
			process.killHard(victim);
			process.awaitReplaced(Set.of(victim));
			load.awaitProgress();
			LoadReport report = FaultLine.print("jarOverwrittenInPlaceHarmsNeitherWorkersNorTheirReplacements", 1,
					load.stop());
			assertOnlyReadingsLost(report, MixedLoad.MAX_IN_FLIGHT);
		}
		finally {
			overwriteJar(Files.readAllBytes(sampleJar()));
		}
		assertThat(process.workers()).hasSize(WORKERS);
	}

	@Test
	@Order(Integer.MAX_VALUE)
	void termForAllProcessesDuringARestartAnswersWhatWasAcceptedAndAlarmsNobody() throws Exception {
		try (MixedLoad load = MixedLoad.start(process.port())) {
			load.awaitProgress();
			Restart.begin(process).awaitFork();
			load.awaitProgress();
			int mark = process.output().mark();
			// Whichever hears it first: it may well not be the master
			process.workers().forEach((worker) -> process.signal("TERM", worker));
			process.signal("TERM", -process.pid());
			assertThat(process.exitCode()).isZero();
			LoadReport report = FaultLine
				.print("termForAllProcessesDuringARestartAnswersWhatWasAcceptedAndAlarmsNobody", 1, load.stop());
			List<String> lines = process.output().lines();
			assertThat(lines.subList(mark, lines.size()))
				.filteredOn((line) -> line.matches(".*Worker \\d+ .*\\) (exited with|was ended by) .*"))
				.hasSize(WORKERS + 1)
				.allSatisfy((line) -> assertThat(line).contains("INFO"));
			assertThat(lines.subList(mark, lines.size())).noneMatch((line) -> line.contains(" was forked"));
			assertThat(report.outcomes().keySet()).as(report.toString())
				.isSubsetOf(EnumSet.of(Outcome.OK, Outcome.CONNECT_REFUSED));
		}
		assertThat(process.processes()).isEmpty();
	}

	private static void assertNothingLost(String promise, List<LoadReport> reports) {
		LoadReport sum = FaultLine.print(promise, 1, reports);
		assertThat(sum.count(Outcome.OK)).as(sum.toString()).isEqualTo(sum.total());
	}

	private static void assertNothingLost(String promise, List<LoadReport> reports, Set<Long> pids) {
		assertNothingLost(promise, reports);
		assertThat(LoadReport.sum(reports).pids()).isEqualTo(pids);
	}

	/**
	 * Nothing was refused and nothing hangs, and what was lost were requests that the
	 * killed worker had in its hands.
	 * @param report what became of all requests
	 * @param inFlight how many were in flight at most
	 */
	private static void assertOnlyReadingsLost(LoadReport report, int inFlight) {
		assertThat(report.outcomes().keySet()).as(report.toString())
			.isSubsetOf(EnumSet.of(Outcome.OK, Outcome.RESET_BEFORE_RESPONSE, Outcome.CLOSED_BEFORE_RESPONSE,
					Outcome.TRUNCATED, Outcome.STALE_KEEPALIVE));
		assertThat(report.total() - report.count(Outcome.OK)).as(report.toString()).isLessThanOrEqualTo(inFlight);
	}

}
