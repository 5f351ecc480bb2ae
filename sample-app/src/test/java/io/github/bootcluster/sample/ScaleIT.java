package io.github.bootcluster.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises about the number of workers, about those that are recycled, and about a JVM
 * that crashes.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ScaleIT {

	private static final int WORKERS = 2;

	private static final int MAX_REQUESTS = 2000;

	private static final String RECYCLED = "WorkerExitedEvent: .* VOLUNTARY exited with code 0 \\(recycled after [\\d,]+ requests\\)";

	@TempDir
	private static Path reports;

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("scale")
			.workers(WORKERS)
			.launchedBy("env", "--default-signal=TTIN,TTOU")
			.args("--cluster.respawn.healthy-after=1ms", "--cluster.worker.max-requests=" + MAX_REQUESTS,
					"--cluster.worker.max-requests-jitter=500", "--sample.chaos=true",
					"--management.endpoint.cluster.access=unrestricted",
					"--cluster.worker.jvm-args=-XX:+ExitOnOutOfMemoryError,-XX:-CreateCoredumpOnCrash,-XX:ErrorFile="
							+ reports.resolve("hs_err_%p.log"))
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
	void signalAddsAWorkerAndTheEndpointTakesItAway() throws Exception {
		process.signal("TTIN");
		process.awaitLine("Scaled up from 2 to 3 workers \\(requested by signal TTIN\\)");
		process.await("a third worker", () -> LoggedEvent.last(process, "WorkerReady", 3).isPresent());
		LoggedEvent third = LoggedEvent.last(process, "WorkerReady", 3).orElseThrow();
		assertDivided();
		HttpResponse<String> answer = scale("{\"workers\": 2}");
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
		assertThat(answer.body()).isEqualTo("{\"workers\":2,\"previous\":3}");
		assertThat(LoggedEvent.await(process, "WorkerExited", third.worker()).text())
			.endsWith("VOLUNTARY exited with code 0 (scaled down to 2)");
		JsonNode status = process.status();
		assertThat(status.get("wanted").asInt()).isEqualTo(WORKERS);
		assertThat(status.get("slots").size()).isEqualTo(WORKERS);
	}

	@Test
	@Order(2)
	void wrongNumberIsRefusedWithWhatIsAllowed() throws Exception {
		for (String wrong : new String[] { "0", "-1", "1025", "\"many\"" }) {
			HttpResponse<String> answer = scale("{\"workers\": " + wrong + "}");
			assertThat(answer.statusCode()).as(wrong).isEqualTo(400);
			assertThat(answer.body()).contains("workers is " + wrong.replace('"', '\''))
				.contains("allowed is a whole number from 1 to 1024");
		}
		assertThat(scale("{}").body()).contains("workers is missing, allowed is a whole number from 1 to 1024");
		HttpAnswer bare = process.post("/actuator/cluster/scale");
		assertThat(bare.status()).isEqualTo(400);
		assertThat(bare.text()).contains("workers is missing");
		assertThat(process.status().get("wanted").asInt()).isEqualTo(WORKERS);
	}

	@Test
	@Order(3)
	void signalAtTheLimitSaysSo() throws Exception {
		process.signal("TTOU");
		process.awaitLine("Scaled down from 2 to 1 workers \\(requested by signal TTOU\\)");
		process.signal("TTOU");
		process.awaitLine("Received TTOU: workers is 0, allowed is a whole number from 1 to 1024");
		assertThat(scale("{\"workers\": 2}").statusCode()).isEqualTo(202);
		process.awaitReady();
	}

	@Test
	@Order(4)
	void crashOfTheJvmIsToldWithItsReport() throws Exception {
		LoggedEvent victim = LoggedEvent.last(process, "WorkerReady", 1).orElseThrow();
		process.signal("SEGV", victim.pid());
		String report = reports.resolve("hs_err_" + victim.pid() + ".log").toString();
		assertThat(LoggedEvent.await(process, "WorkerExited", victim.worker()).text()).contains("CRASH crashed and ")
			.endsWith(", its report is " + report);
		assertThat(Files.readString(Path.of(report))).contains("SIGSEGV");
		process.awaitReplaced(Set.of(victim.pid()));
		JsonNode exit = process.status().at("/slots/0/lastExit");
		assertThat(exit.get("kind").asString()).isEqualTo("CRASH");
		assertThat(exit.get("crashReport").asString()).isEqualTo(report);
	}

	@Test
	@Order(4)
	void heapThatIsExhaustedIsTold() throws Exception {
		assertThatExceptionOfType(ExchangeFailedException.class).isThrownBy(() -> process.post("/exhaust-memory"));
		process.awaitLine("WorkerExitedEvent: .* OUT_OF_MEMORY exited with code 3, as it had no memory left");
		process.awaitReady();
	}

	@Test
	@Order(5)
	void recycledWorkersTakeNothingWithThem() throws Exception {
		int recycled = process.output().linesMatching(RECYCLED).size();
		try (LoadClient fresh = LoadClient.newConnections(process.port()).start();
				LoadClient kept = LoadClient.keepAlive(process.port()).start()) {
			process.await("a recycled worker in each slot",
					() -> process.output().linesMatching(RECYCLED).size() >= recycled + WORKERS);
			fresh.awaitMore(100);
			kept.awaitMore(100);
			assertAllAnswered(fresh.stop());
			assertAllAnswered(kept.stop());
		}
		assertThat(process.status().at("/workers/0/memory").asLong()).isPositive();
	}

	private static HttpResponse<String> scale(String body) throws Exception {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:" + process.port() + "/actuator/cluster/scale"))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
	}

	/**
	 * The worker that came later has a part of its own: those that run keep theirs.
	 */
	private static void assertDivided() throws Exception {
		process.await("what each worker has", () -> process.status().at("/workers/2/resources").isObject());
		JsonNode workers = process.status().get("workers");
		int processors = Runtime.getRuntime().availableProcessors();
		assertThat(workers.at("/0/resources/eventLoops").asInt()).isEqualTo((processors + 1) / 2);
		assertThat(workers.at("/0/resources/processors").asInt()).isEqualTo((processors + 1) / 2);
		assertThat(workers.at("/2/resources/eventLoops").asInt()).isEqualTo((processors + 2) / 3);
		assertThat(workers.at("/2/resources/maxHeap").asLong()).as("-Xmx of the tests").isEqualTo(128 << 20);
		process.awaitLine(
				"Dividing %d processors and \\d+ MB of memory among 2 workers: each worker gets".formatted(processors));
	}

	private static void assertAllAnswered(LoadReport report) {
		System.out.println(report);
		assertThat(report.count(Outcome.OK)).as(report.toString()).isEqualTo(report.total());
	}

}
