package io.github.bootcluster.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
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
 * Promises on what any worker tells of the whole cluster: the master's figures, and
 * whether somebody has to look after it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class MetricsAndHealthIT {

	private static final int WORKERS = 2;

	private static final String LOGGER = "com.example.orders";

	@TempDir
	private static Path folder;

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("metrics-and-health")
			.workers(WORKERS)
			.args("--management.endpoints.web.exposure.include=health,metrics,loggers,cluster",
					"--management.endpoint.health.show-details=always", "--cluster.respawn.healthy-after=1s",
					"--cluster.respawn.max-attempts=1", "--cluster.restart.soak=2s",
					"--spring.config.additional-location=optional:file:" + folder + "/")
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
	void clusterIsUpAndEveryWorkerTellsItsOwnMetersFromThoseOfTheOther() throws Exception {
		JsonNode health = cluster(200);
		assertThat(health.get("status").asString()).isEqualTo("UP");
		assertThat(health.get("details").get("ready").asInt()).isEqualTo(WORKERS);
		assertThat(health.get("details").get("workers")).hasSize(WORKERS);
		Set<String> slots = new TreeSet<>();
		for (int i = 0; i < WORKERS; i++) {
			slots.addAll(values(meter("jvm.memory.used"), "worker"));
		}
		assertThat(slots).as("of one worker in each answer").containsExactly("1", "2");
		awaitFigure("cluster.worker.forks", null, "COUNT", 2);
		awaitFigure("cluster.workers", "state:ready", "VALUE", 2);
		assertThat(figure("cluster.worker.respawns", null, "COUNT")).isZero();
		assertThat(values(meter("cluster.worker.connections"), "worker")).containsExactly("1", "2");
		assertThat(values(meter("cluster.worker.forks"), "worker")).as("it is the master's").isEmpty();
	}

	@Test
	@Order(2)
	void killedWorkersAreCountedAndASlotThatIsGivenUpIsToldByAHealthThatStaysUp() throws Exception {
		// The first worker has served for longer than the start of the second took
		LoggedEvent first = LoggedEvent.last(process, "WorkerReady", 1).orElseThrow();
		process.killHard(first.pid());
		process.await("another worker in slot 1",
				() -> LoggedEvent.last(process, "WorkerForked", 1)
					.filter((forked) -> forked.worker() > first.worker())
					.isPresent());
		process.killHard(LoggedEvent.last(process, "WorkerForked", 1).orElseThrow().pid());
		process.awaitLine("Slot 1 is given up after 1 workers in a row died early");
		awaitFigure("cluster.worker.exits", "reason:signal", "COUNT", 2);
		awaitFigure("cluster.worker.respawns", null, "COUNT", 1);
		awaitFigure("cluster.worker.forks", null, "COUNT", 3);
		awaitFigure("cluster.workers", "state:ready", "VALUE", 1);
		awaitFigure("cluster.workers.wanted", null, "VALUE", 2);
		assertThat(reasons()).singleElement()
			.asString()
			.matches("slot 1 is given up after 1 workers in a row died early: worker 3 was ended by signal 9.*");
	}

	@Test
	@Order(3)
	void restartThatIsAbortedIsCountedAndToldByAHealthThatStaysUp() throws Exception {
		Path settings = Files.writeString(folder.resolve("application.properties"), "sample.fail-on-start=true\n");
		try {
			assertThat(process.restartAndAwait().status()).isEqualTo(500);
		}
		finally {
			Files.delete(settings);
		}
		awaitFigure("cluster.restarts", "outcome:aborted", "COUNT", 1);
		assertThat(figure("cluster.restarts", "outcome:aborted", "TOTAL_TIME")).isPositive();
		assertThat(figure("cluster.restarts", "outcome:completed", "COUNT")).isZero();
		awaitFigure("cluster.restart.last.aborted", null, "VALUE", 1);
		assertThat(reasons()).hasSize(2)
			.last()
			.asString()
			.matches("the last rolling restart \\S+ was aborted: worker 4 exited with code 1");
	}

	@Test
	@Order(4)
	void restartThatCompletesLeavesNothingToTell() throws Exception {
		awaitLevel("DEBUG", "{\"configuredLevel\": \"DEBUG\"}");
		try (HttpConnection idle = process.connect()) {
			assertThat(idle.get("/").status()).isEqualTo(200);
			Set<Long> old = process.workers();
			HttpAnswer answer = process.restartAndAwait();
			assertThat(answer.status()).as(answer.text()).isEqualTo(200);
			process.awaitReplaced(old);
			assertThat(idle.get("/").status()).isEqualTo(200);
		}
		assertThat(level()).as("level that was set before the restart").isEqualTo("DEBUG");
		assertThat(level()).as("level in the other worker").isEqualTo("DEBUG");
		awaitLevel("", "{}");
		awaitFigure("cluster.restarts", "outcome:completed", "COUNT", 1);
		awaitFigure("cluster.restart.last.aborted", null, "VALUE", 0);
		awaitFigure("cluster.restarts", "outcome:aborted", "COUNT", 1);
		awaitFigure("cluster.worker.forks", null, "COUNT", events("WorkerForked", ""));
		awaitFigure("cluster.worker.exits", "reason:voluntary", "COUNT", events("WorkerExited", "] VOLUNTARY "));
		awaitFigure("cluster.worker.respawns", null, "COUNT", 1);
		awaitFigure("cluster.workers", "state:ready", "VALUE", 2);
		for (int i = 0; i < WORKERS; i++) {
			assertThat(cluster(200).get("details").has("reasons")).isFalse();
		}
	}

	@Test
	@Order(5)
	void connectionsAreCountedOnTheirWay() throws Exception {
		process.await("a connection that has moved", () -> figure("cluster.connections.moved", null, "COUNT") >= 1);
		double accepted = figure("cluster.connections.accepted", null, "COUNT");
		assertThat(accepted).isPositive();
		process.await("more connections", () -> figure("cluster.connections.accepted", null, "COUNT") > accepted);
		assertThat(figure("cluster.connections.handed.over", null, "COUNT")).isGreaterThanOrEqualTo(accepted);
		awaitFigure("cluster.connections.waiting", null, "VALUE", 0);
	}

	private static long events(String name, String part) {
		return LoggedEvent.of(process)
			.stream()
			.filter((event) -> event.name().equals(name) && event.text().contains(part))
			.count();
	}

	@Test
	@Order(Integer.MAX_VALUE)
	void masterEndsWithACodeOfItsOwnOnceEverySlotIsGivenUp() throws Exception {
		Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> {
			process.workers().forEach(process::killHard);
			return !process.isAlive();
		});
		assertThat(process.exitCode()).isEqualTo(70);
		process.awaitLine("ERROR .* All 2 slots are given up, and no worker is left to serve: .* exit code 70");
	}

	/**
	 * Waits until whichever worker is asked shows a figure.
	 * @param name the meter's name
	 * @param tag the tag to look at, or {@code null}
	 * @param statistic what to look at
	 * @param value the figure to wait for
	 */
	/**
	 * Sets the level of a logger in one worker, and waits for that of all.
	 */
	private static void awaitLevel(String level, String body) throws Exception {
		URI uri = URI.create("http://localhost:%d/actuator/loggers/%s".formatted(process.port(), LOGGER));
		HttpRequest request = HttpRequest.newBuilder(uri)
			.header("Content-Type", "application/json")
			.POST(BodyPublishers.ofString(body))
			.build();
		assertThat(HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(204);
		process.await("level in all workers", () -> level().equals(level) && level().equals(level));
	}

	private static String level() throws ExchangeFailedException {
		return json(process.get("/actuator/loggers/" + LOGGER), 200).path("configuredLevel").asString("");
	}

	private static void awaitFigure(String name, @Nullable String tag, String statistic, double value) {
		process.await("%s of %s{%s} to be %s".formatted(statistic, name, tag, value), () -> {
			List<Double> shown = new ArrayList<>();
			for (int i = 0; i < WORKERS; i++) {
				shown.add(figure(name, tag, statistic));
			}
			return shown.stream().allMatch((figure) -> figure == value);
		});
	}

	private static double figure(String name, @Nullable String tag, String statistic) throws Exception {
		for (JsonNode measurement : meter(name + ((tag != null) ? "?tag=" + tag : "")).get("measurements")) {
			if (measurement.get("statistic").asString().equals(statistic)) {
				return measurement.get("value").asDouble();
			}
		}
		throw new AssertionError("No " + statistic + " of " + name);
	}

	private static List<String> values(JsonNode meter, String tag) {
		List<String> values = new ArrayList<>();
		for (JsonNode available : meter.get("availableTags")) {
			if (available.get("tag").asString().equals(tag)) {
				available.get("values").forEach((value) -> values.add(value.asString()));
			}
		}
		return values.stream().sorted().toList();
	}

	private static JsonNode meter(String path) throws Exception {
		return json(process.get("/actuator/metrics/" + path), 200);
	}

	private static List<String> reasons() throws Exception {
		JsonNode health = cluster(200);
		assertThat(health.get("status").asString()).as("the service serves").isEqualTo("UP");
		List<String> reasons = new ArrayList<>();
		health.get("details").get("reasons").forEach((reason) -> reasons.add(reason.asString()));
		return reasons;
	}

	private static JsonNode cluster(int status) throws Exception {
		return json(process.get("/actuator/health"), status).get("components").get("cluster");
	}

	private static JsonNode json(HttpAnswer answer, int status) {
		assertThat(answer.status()).as(answer.text()).isEqualTo(status);
		return JsonMapper.shared().readTree(answer.text());
	}

}
