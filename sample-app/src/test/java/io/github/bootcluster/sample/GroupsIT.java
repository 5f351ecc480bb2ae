package io.github.bootcluster.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about several kinds of workers of one JAR: some that serve HTTP, and some with
 * settings of their own that serve it elsewhere, or do not at all.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class GroupsIT {

	private static final String DEFAULT = "default";

	private static final String JOBS = "jobs";

	private static final String QUEUE = "queue";

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("groups")
			.workers(1)
			.args("--spring.profiles.active=web", "--management.endpoint.cluster.access=unrestricted",
					"--cluster.groups.jobs.profiles=jobs,slow", "--cluster.groups.jobs.port=0",
					"--cluster.groups.jobs.env.QUEUE=mail",
					"--cluster.groups.queue.args=--spring.main.web-application-type=none,--spring.main.keep-alive=true")
			.startReady();
		process.awaitLine("WorkerReadyEvent: .*group=queue");
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
	}

	@Test
	@Order(1)
	void workersOfAGroupHaveItsProfilesAndEnvironment() throws Exception {
		process.awaitLine("^worker-1 \\| .*1 profile is active: \"web\"");
		process.awaitLine("^jobs-1 \\| .*2 profiles are active: \"jobs\", \"slow\"");
		WorkerEnvironment jobs = WorkerEnvironment.of(worker(JOBS).get("pid").asLong());
		assertThat(jobs.get("QUEUE")).isEqualTo("mail");
		assertThat(jobs.get("CLUSTER_WORKER_GROUP")).isEqualTo(JOBS);
		assertThat(jobs.get("CLUSTER_WORKER_SLOT")).isEqualTo("1");
		assertThat(ProcessProbe.environment(worker(DEFAULT).get("pid").asLong())).doesNotContain("QUEUE=mail")
			.contains("CLUSTER_WORKER_GROUP=default");
	}

	@Test
	@Order(2)
	void eachGroupAnswersOnItsOwnPortAndOneWithoutAnyIsReadyAllTheSame() throws Exception {
		int port = Integer.parseInt(process.awaitLine("^jobs-1 \\| .*Netty started on port (\\d+)").group(1));
		assertThat(port).isNotEqualTo(process.port());
		try (HttpConnection connection = HttpConnection.open(port, Duration.ofSeconds(10))) {
			assertThat(connection.exchange("GET", "/").pid()).hasValue(worker(JOBS).get("pid").asLong());
		}
		assertThat(process.get("/").pid()).hasValue(worker(DEFAULT).get("pid").asLong());
		assertThat(worker(QUEUE).get("state").asString()).isEqualTo("READY");
		assertThat(process.output().linesMatching("^queue-1 \\| .*Netty started")).isEmpty();
		assertThat(process.status().get("wanted").asInt()).isEqualTo(3);
	}

	@Test
	@Order(3)
	void deadWorkerIsReplacedInItsGroup() throws Exception {
		JsonNode victim = worker(JOBS);
		JsonNode other = worker(DEFAULT);
		process.killHard(victim.get("pid").asLong());
		process.await("another worker of the group", () -> workers(JOBS).stream()
			.anyMatch((worker) -> isReady(worker) && !worker.get("id").equals(victim.get("id"))));
		assertThat(worker(JOBS).get("slot").asInt()).isOne();
		assertThat(worker(DEFAULT).get("pid")).isEqualTo(other.get("pid"));
	}

	@Test
	@Order(4)
	void groupIsRestartedByItsName() throws Exception {
		List<JsonNode> others = List.of(worker(DEFAULT), worker(QUEUE));
		JsonNode old = worker(JOBS);
		HttpAnswer answer = process.post("/actuator/cluster/restart?group=jobs");
		assertThat(answer.status()).as(answer.text()).isEqualTo(202);
		assertThat(answer.text()).contains("\"total\":1", "\"generation\":2");
		process.awaitLine("RollingRestartCompletedEvent: .*generation=2");
		assertThat(worker(JOBS).get("pid")).isNotEqualTo(old.get("pid"));
		assertThat(worker(JOBS).get("generation").asInt()).isEqualTo(2);
		for (JsonNode other : others) {
			JsonNode now = worker(other.get("group").asString());
			assertThat(now.get("pid")).isEqualTo(other.get("pid"));
			assertThat(now.get("generation").asInt()).isOne();
		}
		assertThat(process.post("/actuator/cluster/restart?group=jobz").status()).isEqualTo(404);
	}

	@Test
	@Order(5)
	void groupIsScaledByItsName() throws Exception {
		HttpResponse<String> answer = scale("{\"workers\": 2, \"group\": \"queue\"}");
		assertThat(answer.statusCode()).as(answer.body()).isEqualTo(202);
		assertThat(answer.body()).isEqualTo("{\"workers\":2,\"previous\":1}");
		process.awaitLine("Scaled group queue up from 1 to 2 workers");
		process.await("a second worker of the group",
				() -> workers(QUEUE).stream().filter(GroupsIT::isReady).count() == 2);
		scale("{\"workers\": 1, \"group\": \"queue\"}");
		process.await("the end of the second worker", () -> workers(QUEUE).size() == 1);
		assertThat(scale("{\"workers\": 2, \"group\": \"jobz\"}").statusCode()).isEqualTo(404);
	}

	@Test
	@Order(6)
	void restartOfAllReplacesOneGroupAfterAnother() throws Exception {
		int mark = process.output().mark();
		process.signal("HUP");
		process.awaitLine(mark, "RollingRestartCompletedEvent");
		List<String> ready = new ArrayList<>();
		List<String> lines = process.output().lines();
		for (String line : lines.subList(mark, lines.size())) {
			if (line.contains("WorkerReadyEvent")) {
				ready.add(line.replaceAll(".*group=(\\w+).*", "$1"));
			}
		}
		assertThat(ready).containsExactly(DEFAULT, JOBS, QUEUE);
		for (String group : ready) {
			assertThat(worker(group).get("generation").asInt()).isEqualTo(3);
		}
	}

	/**
	 * Returns the one worker of a group, once nothing but it is there.
	 * @param group the group
	 * @return what the endpoint tells of it
	 * @throws ExchangeFailedException if the endpoint does not answer
	 */
	private static JsonNode worker(String group) throws ExchangeFailedException {
		process.await("one worker in group " + group,
				() -> workers(group).size() == 1 && isReady(workers(group).get(0)));
		return workers(group).get(0);
	}

	private static List<JsonNode> workers(String group) throws ExchangeFailedException {
		return StreamSupport.stream(process.status().get("workers").spliterator(), false)
			.filter((worker) -> worker.get("group").asString().equals(group))
			.toList();
	}

	private static boolean isReady(JsonNode worker) {
		return worker.get("state").asString().equals("READY");
	}

	private static HttpResponse<String> scale(String body) throws Exception {
		HttpRequest request = HttpRequest
			.newBuilder(URI.create("http://127.0.0.1:" + process.port() + "/actuator/cluster/scale"))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(body))
			.build();
		return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
	}

}
