package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about workers that hang, and about a master that stands still itself.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("alone")
class HangIT {

	private static final int WORKERS = 2;

	private static final int THREADS = 2;

	private static final int LONGER_THAN_THE_TIMEOUT = 5432;

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("hang")
			.workers(WORKERS)
			.args("--cluster.worker.heartbeat-timeout=2s", "--cluster.respawn.healthy-after=1ms", "--sample.chaos=true",
					"--logging.level.io.github.bootcluster.sample=debug")
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
	void masterThatStoodStillBlamesNoWorker() throws Exception {
		int mark = process.output().mark();
		Set<Long> before = process.workers();
		SlowRequest clock = SlowRequest.begin(process, before.iterator().next(), LONGER_THAN_THE_TIMEOUT);
		process.freeze(process.pid());
		assertThat(clock.answeredBy()).isIn(before);
		process.signal("CONT");
		process.awaitLine(mark, "Master was paused for \\d{4,} ms; heartbeat timers reset");
		for (int i = 0; i < WORKERS; i++) {
			int worker = i;
			long requests = requests(worker);
			process.await("news of worker " + worker, () -> requests(worker) > requests);
		}
		assertThat(process.workers()).isEqualTo(before);
		assertThat(process.output().linesMatching("has been silent for")).isEmpty();
	}

	@Test
	@Order(2)
	void workerWithABlockedEventLoopIsReplacedAndItsThreadsAreTold() throws Exception {
		int mark = process.output().mark();
		Set<Long> before = process.workers();
		CompletableFuture<Void> blocked = CompletableFuture.runAsync(() -> {
			try {
				process.post("/block?duration=1h");
			}
			catch (ExchangeFailedException ex) {
				// Its worker is ended before it answers
			}
		}, (task) -> new Thread(task, "blocked").start());
		LoggedEvent hung;
		try (LoadClient load = LoadClient.newConnections(process.port())
			.threads(THREADS)
			.timeout(Duration.ofMinutes(1))
			.start()) {
			process.awaitLine(mark, "WorkerUnresponsiveEvent: .* silent for \\d{4,} ms, \\d{3,} lines of thread dump");
			hung = LoggedEvent.of(process)
				.stream()
				.filter((event) -> event.name().equals("WorkerUnresponsive"))
				.reduce((earlier, later) -> later)
				.orElseThrow();
			process.awaitReplaced(Set.of(hung.pid()));
			load.awaitMore(100);
			LoadReport report = load.stop();
			System.out.println(report);
			// Each thread may have got one connection to the blocked loop
			assertThat(report.count(Outcome.OK)).as(report.toString()).isGreaterThanOrEqualTo(report.total() - THREADS);
		}
		blocked.get();
		assertThat(before).contains(hung.pid());
		process.awaitLine(mark, "worker-%d \\| .*The master considers this worker hung".formatted(hung.slot()));
		process.awaitLine(mark, "worker-%d \\| \tat .*ChaosController.block".formatted(hung.slot()));
		process.awaitLine(mark, "ERROR .* Worker %d \\(.*\\) hangs and is replaced: .* its thread dump is in its log"
			.formatted(hung.worker()));
		assertHung(hung);
	}

	@Test
	@Order(3)
	void workerThatWasStoppedIsReplaced() throws Exception {
		int mark = process.output().mark();
		LoggedEvent victim = LoggedEvent.last(process, "WorkerReady", 2).orElseThrow();
		process.freeze(victim.pid());
		process.awaitLine(mark, "WorkerUnresponsiveEvent: .* silent for \\d{4,} ms, no thread dump");
		process.awaitReplaced(Set.of(victim.pid()));
		assertHung(victim);
	}

	private static void assertHung(LoggedEvent hung) throws Exception {
		assertThat(LoggedEvent.await(process, "WorkerExited", hung.worker()).text())
			.containsPattern("HUNG was ended by signal .* \\(its event loops had not answered for \\d{4,} ms\\)");
		JsonNode exit = process.status().at("/slots/" + (hung.slot() - 1) + "/lastExit");
		assertThat(exit.get("kind").asString()).isEqualTo("HUNG");
		assertThat(exit.get("worker").asInt()).isEqualTo(hung.worker());
	}

	private static long requests(int index) throws Exception {
		// Each worker gets one of them
		for (int i = 0; i < WORKERS; i++) {
			process.get("/");
		}
		return process.status().at("/workers/" + index + "/requests").asLong();
	}

}
