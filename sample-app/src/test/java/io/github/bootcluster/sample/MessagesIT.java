package io.github.bootcluster.sample;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;

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
 * Promises about messages between processes, and about what runs in one of them only.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MessagesIT {

	private static final String TICK = "Tick of worker (\\d+), generation (\\d+)";

	@TempDir
	private static Path folder;

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("messages")
			.workers(2)
			.args("--sample.messages=true", "--sample.tick-file=" + folder.resolve("tick"),
					"--cluster.respawn.initial-delay=10ms")
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
	void workersTalkToEachOther() throws Exception {
		assertThat(process.post("/notes?text=hello").text()).isEqualTo("{\"receivers\":1}");
		process.awaitLine("Heard 'hello' from worker [12]$");
		for (int slot = 1; slot <= 2; slot++) {
			JsonNode answer = json(process.get("/who?slot=" + slot));
			assertThat(answer.get("slot").asInt()).isEqualTo(slot);
			assertThat(answer.get("pid").asLong()).isIn(process.workers());
		}
	}

	@Test
	@Order(1)
	void masterAnswersAndPublishesWhatWorkersSend() throws Exception {
		JsonNode answer = json(process.get("/master?text=why"));
		assertThat(answer.get("pid").asLong()).isEqualTo(process.pid());
		assertThat(answer.get("text").asString()).matches("Worker [12] asks: why");
		process.awaitLine("WorkerMessageEvent: ClusterWorker.* question \\{\"text\":\"why\"\\}$");
	}

	@Test
	@Order(1)
	void workerThatCannotKeepUpIsNotBuriedAndNothingElseSuffers() throws Exception {
		Set<Long> before = process.awaitReady();
		JsonNode outcome = json(process.post("/work?slot=2&count=4000"));
		assertThat(outcome.get("true").asInt()).isGreaterThanOrEqualTo(1024);
		assertThat(outcome.get("false").asInt()).isPositive();
		assertThat(outcome.get("true").asInt() + outcome.get("false").asInt()).isEqualTo(4000);
		assertThat(process.awaitReady()).isEqualTo(before);
		assertThat(json(process.get("/who?slot=2")).get("slot").asInt()).isEqualTo(2);
	}

	@Test
	@Order(2)
	void oneWorkerDoesTheWorkOfAll() throws Exception {
		Matcher tick = process.awaitLine(TICK);
		assertThat(tick.group(1)).isEqualTo("1");
		assertThat(process.output().linesMatching("Start-up work of generation 1")).hasSize(1);
		process.awaitLine("Runner 'startUpWork' is left to the first worker of this generation");
	}

	@Test
	@Order(3)
	void workGoesOnElsewhereWhenItsWorkerIsKilled() throws Exception {
		long leader = LoggedEvent.await(process, "WorkerReady", 1).pid();
		process.killHard(leader);
		process.awaitLine("Tick of worker 2, generation 1");
		process.awaitReplaced(Set.of(leader));
		assertThat(process.output().linesMatching("Start-up work of generation 1")).hasSize(1);
	}

	@Test
	@Order(4)
	void rollingRestartMovesTheWorkToTheNewGenerationAndNeverDoublesIt() throws Exception {
		assertThat(process.restartAndAwait().text()).contains("COMPLETED");
		process.awaitLine("Worker 2 .* gave up the lead");
		process.awaitLine("Tick of worker \\d+, generation 2");
		assertThat(process.output().linesMatching("Worker \\d+ .*generation 2\\) elected leader$")).hasSize(1);
		assertThat(process.output().linesMatching("Start-up work of generation 2")).hasSize(1);
		List<String> all = process.output().linesMatching("Two workers tick at once");
		assertThat(all).isEmpty();
	}

	private static JsonNode json(HttpAnswer answer) {
		assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		return JsonMapper.shared().readTree(answer.text());
	}

}
