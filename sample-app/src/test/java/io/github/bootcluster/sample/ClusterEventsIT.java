package io.github.bootcluster.sample;

import java.util.Set;

import io.github.bootcluster.eventful.EventfulApplication;
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
 * Promises to the application's beans that hear of the cluster or tell it what to do.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ClusterEventsIT {

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("cluster-events")
			.workers(1)
			.target(TestApplication.target(EventfulApplication.class))
			.args("--cluster.respawn.initial-delay=10ms")
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
	void beanOfTheMasterRestartsTheCluster() throws Exception {
		process.awaitLine("The MASTER has begun to restart to generation 2");
		process.awaitLine("Rolling restart .* completed: generation 2 serves");
		process.awaitLine("Worker 1 listens on \\S+ port " + process.port() + " by HANDOFF");
		process.awaitLine("Worker 1 has exited: code 0, signal null, voluntary true, last line '.+'");
	}

	@Test
	@Order(2)
	void listenerThatThrowsIsNamedAndHoldsNothingUp() throws Exception {
		process.awaitLine("ERROR .* A listener of WorkerForkedEvent failed");
		process.awaitLine("IllegalStateException: Failing at the fork of worker 1");
		process.awaitLine("IllegalStateException: Failing at the fork of worker 2");
	}

	@Test
	@Order(2)
	void distributorOfTheApplicationChoosesAndOnceItFailsConnectionsFindAWorkerAllTheSame() throws Exception {
		process.awaitReady();
		process.awaitReady();
		process.awaitLine("Connections are distributed by .*FirstWorkerDistributor");
		process.awaitLine("The first of \\d workers gets the connection of /127\\.0\\.0\\.1:\\d+");
		assertThat(process.output()
			.linesMatching("WARN .*FirstWorkerDistributor does not choose a worker, so that one gets the connection "
					+ "in turn: it threw java.lang.IllegalStateException: Failing to choose"))
			.hasSize(1);
	}

	@Test
	@Order(2)
	void listenerInAWorkerIsPointedOutOnce() throws Exception {
		assertThat(process.output()
			.linesMatching("WARN .*WorkerController.*hear nothing in a worker: annotate its class with "
					+ "@ConditionalOnClusterRole\\(MASTER\\)"))
			.hasSize(process.output().linesMatching("Started EventfulApplication in .* seconds").size())
			.hasSize(2);
		assertThat(process.output().linesMatching("^(?!worker).*Start(ed|ing) EventfulApplication")).as("of the master")
			.isEmpty();
	}

	@Test
	@Order(3)
	void listenerThatBlocksHoldsNothingUp() throws Exception {
		process.awaitLine("Blocking after the restart to generation 2");
		Set<Long> killed = process.awaitReady();
		killed.forEach(process::killHard);
		process.awaitReplaced(killed);
		process.awaitLine("Worker 3 \\(slot 1, pid \\d+, generation 2\\) is ready");
	}

	@Test
	@Order(4)
	void beanOfAWorkerRestartsTheCluster() throws Exception {
		process.awaitLine("Worker 3 .* is ready");
		assertThat(process.get("/").text()).contains("\"role\":\"WORKER\"");
		Set<Long> old = process.awaitReady();
		String id = process.post("/restart").text();
		process.awaitLine("Starting rolling restart " + id + " to generation 3");
		assertThat(process.post("/restart").text()).contains("Rolling restart '" + id + "' is still running");
		process.awaitReplaced(old);
		process.awaitLine("Rolling restart " + id + " completed: generation 3 serves");
		process.await("the status in the worker",
				() -> status().get("restart").get("state").asString().equals("COMPLETED"));
		JsonNode status = status();
		assertThat(status.get("restart").get("id").asString()).isEqualTo(id);
		assertThat(status.get("masterPid").asLong()).isEqualTo(process.pid());
		assertThat(status.get("generation").asInt()).isEqualTo(3);
		assertThat(status.get("workers")).hasSize(1);
		assertThat(status.get("workers").get(0).get("pid").asLong()).isIn(process.workers());
	}

	@Test
	@Order(5)
	void blockedListenerDoesNotKeepTheMasterAlive() throws Exception {
		process.signal("TERM");
		assertThat(process.exitCode()).isZero();
		process.awaitLine("WARN .* A listener of cluster events is blocked");
	}

	private static JsonNode status() throws ExchangeFailedException {
		return JsonMapper.shared().readTree(process.get("/cluster").text());
	}

}
