package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

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
 * Promises of {@code least-connections} and of {@code cluster.worker.max-connections}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DistributionIT {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private static final int MAX = 20;

	/**
	 * Connections that are kept open, by the worker that has them.
	 */
	private static final Map<Long, List<HttpConnection>> kept = new HashMap<>();

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("distribution")
			.workers(2)
			.args("--cluster.distribution=least-connections", "--cluster.worker.max-connections=" + MAX)
			.startReady();
		process.workers().forEach((pid) -> kept.put(pid, new ArrayList<>()));
	}

	@AfterAll
	static void stop() throws Exception {
		closeAll();
		if (process != null) {
			process.close();
		}
	}

	private static void closeAll() {
		kept.values().forEach((connections) -> connections.forEach(HttpConnection::close));
		kept.clear();
	}

	@Test
	@Order(1)
	void neverABusierWorkerWhileALessBusyOneIsThere() throws Exception {
		for (int i = 0; i < 10; i++) {
			keepOne();
		}
		assertThat(counts()).containsExactly(5, 5);
		long emptied = kept.keySet().iterator().next();
		long other = kept.keySet().stream().filter((pid) -> pid != emptied).findFirst().orElseThrow();
		keptBy(emptied).forEach(HttpConnection::close);
		keptBy(emptied).clear();
		process.await("the end of all connections of worker " + emptied, () -> connections(other, emptied) == 0);
		for (int i = 1; i <= 5; i++) {
			assertThat(keepOne()).isEqualTo(emptied);
		}
		assertThat(counts()).containsExactly(5, 5);
	}

	@Test
	@Order(2)
	void saturatedWorkerGetsNothingAndWithoutAnyOtherConnectionsWaitUntilOneEnds() throws Exception {
		while (counts().stream().mapToInt(Integer::intValue).sum() < 2 * MAX) {
			keepOne();
		}
		assertThat(counts()).containsExactly(MAX, MAX);
		try (PendingRequests requests = PendingRequests.send(process.port(), 4, LIMIT)) {
			List<Long> expected = new ArrayList<>();
			for (long worker : kept.keySet()) {
				assertThat(requests.answered()).isEqualTo(expected.size());
				keptBy(worker).remove(0).close();
				expected.add(worker);
				process.await("an answer in place of what has ended", () -> requests.answered() == expected.size());
			}
			for (long worker : List.copyOf(expected)) {
				keptBy(worker).remove(0).close();
				expected.add(worker);
			}
			assertThat(requests.awaitPids()).containsExactlyInAnyOrderElementsOf(expected);
		}
		closeAll();
	}

	@Test
	@Order(3)
	void restartUnderLoadLosesNothing() throws Exception {
		Set<Long> old = process.workers();
		try (MixedLoad load = MixedLoad.start(process.port())) {
			load.awaitProgress();
			Restart.begin(process).awaitCompleted();
			process.awaitReplaced(old);
			load.awaitProgress();
			LoadReport report = LoadReport.sum(load.stop());
			assertThat(report.lost()).as(report.toString()).isZero();
			assertThat(report.pids()).as(report.toString()).containsAll(process.workers());
		}
	}

	private static List<HttpConnection> keptBy(long worker) {
		return Objects.requireNonNull(kept.get(worker));
	}

	private static long keepOne() throws ExchangeFailedException {
		HttpConnection connection = process.connect();
		long pid = connection.get("/").pid().orElseThrow();
		keptBy(pid).add(connection);
		return pid;
	}

	private static List<Integer> counts() {
		return kept.values().stream().map(List::size).toList();
	}

	/**
	 * Asks a worker, on a connection that it has already, how many another one has.
	 */
	private static int connections(long asked, long pid) throws ExchangeFailedException {
		JsonNode status = JsonMapper.shared().readTree(keptBy(asked).get(0).get("/actuator/cluster").text());
		for (JsonNode worker : status.get("workers")) {
			if (worker.get("pid").asLong() == pid) {
				return worker.get("connections").asInt();
			}
		}
		throw new AssertionError("Worker " + pid + " is not listed: " + status);
	}

}
