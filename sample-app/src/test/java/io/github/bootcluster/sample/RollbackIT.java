package io.github.bootcluster.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about three workers, of which some have been replaced when a restart fails, or
 * drain for long while it goes on.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RollbackIT {

	private static final int WORKERS = 3;

	private static final int STREAMS = 4 * WORKERS;

	private static final int EVENTS = 50;

	private static final int LIMIT_SECONDS = 120;

	private static final Path FOLDER = Path.of("target", "it-rollback");

	private static final Path SETTINGS = FOLDER.resolve("application.properties");

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		Files.createDirectories(FOLDER);
		Files.deleteIfExists(SETTINGS);
		process = ClusterProcess.named("rollback")
			.workers(WORKERS)
			// Only a JAR is copied for each generation
			.target("-jar", System.getProperty("sample.jar"))
			.args("--spring.config.additional-location=optional:file:" + FOLDER.toAbsolutePath() + "/",
					"--cluster.drain.timeout=20s")
			.startReady();
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
		Files.deleteIfExists(SETTINGS);
	}

	@Test
	@Order(1)
	void versionThatFailsInItsSecondWorkerLeavesOneGenerationAndLosesNothing() throws Exception {
		process.awaitReady();
		Files.writeString(SETTINGS, """
				fails.2.2=true
				sample.fail-on-start=${fails.${cluster.worker.generation}.${cluster.worker.slot}:false}
				""");
		try (MixedLoad load = MixedLoad.start(process.port())) {
			load.awaitProgress();
			LoggedEvent aborted = Restart.begin(process).awaitAborted();
			assertThat(aborted.field("reason"))
				.endsWith(" exited with code 1; group default is rolled back to generation 1");
			process.awaitLine("Rolling restart \\S+ is rolled back: group default runs generation 1 again");
			load.awaitProgress();
			LoadReport report = FaultLine.print("versionThatFailsInItsSecondWorkerLeavesOneGenerationAndLosesNothing",
					1, load.stop());
			assertThat(report.count(Outcome.OK)).as(report.toString()).isEqualTo(report.total());
		}
		finally {
			Files.delete(SETTINGS);
		}
		process.await("a status that tells of it",
				() -> process.status().get("restart").get("reason").asString().endsWith("runs generation 1 again"));
		JsonNode status = process.status();
		assertThat(status.get("restart").get("state").asString()).isEqualTo("ABORTED");
		assertThat(status.get("generation").asInt()).isEqualTo(1);
		assertThat(status.get("workers")).hasSize(WORKERS)
			.allSatisfy((worker) -> assertThat(worker.get("generation").asInt()).isEqualTo(1));
	}

	@Test
	@Order(2)
	void openEventStreamsEndInOrderAndDoNotHoldUpTheRestart() throws Exception {
		Set<Long> old = process.awaitReady();
		List<CompletableFuture<HttpResponse<String>>> endless = new ArrayList<>();
		List<CompletableFuture<HttpResponse<String>>> counted = new ArrayList<>();
		HttpClient client = HttpClient.newBuilder().version(Version.HTTP_1_1).build();
		try (MixedLoad load = MixedLoad.start(process.port())) {
			for (int i = 0; i < STREAMS; i++) {
				endless.add(stream(client, "/events?interval=100ms"));
				counted.add(stream(client, "/events?interval=100ms&count=" + EVENTS));
			}
			load.awaitProgress();
			Restart restart = Restart.begin(process);
			restart.awaitCompleted();
			process.awaitReplaced(old);
			assertSecondSlotDoesNotWaitForTheFirst(restart.generation());
			load.awaitProgress();
			LoadReport report = FaultLine.print("openEventStreamsEndInOrderAndDoNotHoldUpTheRestart", 1, load.stop());
			assertThat(report.count(Outcome.OK)).as(report.toString()).isEqualTo(report.total());
		}
		for (CompletableFuture<HttpResponse<String>> stream : counted) {
			String text = stream.get(LIMIT_SECONDS, TimeUnit.SECONDS).body();
			assertThat(text.lines().filter((line) -> line.startsWith("id:"))).hasSize(EVENTS);
		}
		for (CompletableFuture<HttpResponse<String>> stream : endless) {
			// A stream that is cut ends by an exception
			assertThat(stream.get(LIMIT_SECONDS, TimeUnit.SECONDS).body()).as("behind a whole event").endsWith("\n\n");
		}
	}

	private static CompletableFuture<HttpResponse<String>> stream(HttpClient client, String path)
			throws InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + process.port() + path)).build();
		return client.sendAsync(request, BodyHandlers.ofString());
	}

	private static void assertSecondSlotDoesNotWaitForTheFirst(int generation) {
		List<LoggedEvent> events = LoggedEvent.of(process)
			.stream()
			.filter((event) -> event.name().startsWith("Worker"))
			.toList();
		int begun = indexOf(events, "WorkerForked", 1, generation);
		int ended = indexOf(events.subList(begun, events.size()), "WorkerExited", 1, 1);
		int next = indexOf(events.subList(begun, events.size()), "WorkerForked", 2, generation);
		assertThat(next).isLessThan(ended);
	}

	private static int indexOf(List<LoggedEvent> events, String name, int slot, int generation) {
		for (int i = 0; i < events.size(); i++) {
			LoggedEvent event = events.get(i);
			if (event.name().equals(name) && event.slot() == slot && event.generation() == generation) {
				return i;
			}
		}
		throw new AssertionError("No " + name + " of slot " + slot + " and generation " + generation);
	}

}
