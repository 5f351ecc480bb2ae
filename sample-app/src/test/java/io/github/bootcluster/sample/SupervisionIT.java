package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises about workers that come and go. They die of old age here after a millisecond,
 * so that none is held back for an early death.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SupervisionIT {

	private static final int WORKERS = 2;

	private static final int KILLS = 10;

	private static final int THREADS = 4;

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("supervision")
			.workers(WORKERS)
			// A process group of its own, in which INT is not ignored
			.launchedBy("env", "--default-signal=INT", "setsid")
			.args("--sample.chaos=true", "--cluster.respawn.healthy-after=1ms", "--cluster.respawn.initial-delay=10ms",
					"--cluster.respawn.max-delay=10ms", "--cluster.respawn.max-attempts=100",
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
	void lifeOfEachWorkerIsToldInOrder() throws Exception {
		for (int id = 1; id <= WORKERS; id++) {
			LoggedEvent.await(process, "WorkerReady", id);
			assertThat(LoggedEvent.of(process, id)).as("worker " + id)
				.extracting(LoggedEvent::name)
				.containsExactly("WorkerForked", "WorkerOnline", "WorkerListening", "WorkerReady");
			for (LoggedEvent event : LoggedEvent.of(process, id)) {
				assertThat(event.slot()).isEqualTo(id);
				assertThat(event.generation()).isOne();
				assertThat(event.pid()).isIn(process.workers());
			}
			assertThat(LoggedEvent.await(process, "WorkerListening", id).text())
				.endsWith("port " + process.port() + " by HANDOFF");
			assertThat(LoggedEvent.await(process, "WorkerForked", id).field("state")).isEqualTo("FORKED");
			assertThat(LoggedEvent.await(process, "WorkerForked", id).field("readyAt")).isEqualTo("null");
			assertThat(LoggedEvent.await(process, "WorkerReady", id).field("state")).isEqualTo("READY");
			assertThat(LoggedEvent.await(process, "WorkerReady", id).field("readyAt")).isNotEqualTo("null");
		}
		LoggedEvent first = LoggedEvent.of(process).get(0);
		assertThat(first.name()).isEqualTo("ClusterStarted");
		assertThat(first.field("masterPid")).isEqualTo(Long.toString(process.pid()));
		assertThat(first.field("wanted")).isEqualTo(Integer.toString(WORKERS));
		assertThat(first.field("workers")).isEqualTo("[");
	}

	@Test
	@Order(2)
	void killedWorkerIsReplacedInItsSlot() throws Exception {
		LoggedEvent killed = readyIn(1);
		process.killHard(killed.pid());
		LoggedEvent exited = LoggedEvent.await(process, "WorkerExited", killed.worker());
		assertThat(exited.text()).contains("was ended by signal 9 (KILL)");
		assertReplaced(killed);
		process.awaitLine("WARN .* Worker %d \\(slot 1, pid %d, generation 1\\) was ended by signal 9 \\(KILL\\)"
			.formatted(killed.worker(), killed.pid()));
	}

	@Test
	@Order(2)
	void crashedWorkerIsReplacedAndItsExitCodeTold() throws Exception {
		List<LoggedEvent> before = List.of(readyIn(1), readyIn(2));
		assertThatExceptionOfType(ExchangeFailedException.class).isThrownBy(() -> process.post("/exit?code=3"))
			.satisfies((ex) -> assertThat(ex.outcome()).isIn(Outcome.CLOSED_BEFORE_RESPONSE,
					Outcome.RESET_BEFORE_RESPONSE));
		process.awaitLine("WorkerExitedEvent: .* exited with code 3");
		LoggedEvent crashed = before.stream()
			.filter((worker) -> LoggedEvent.of(process, worker.worker())
				.stream()
				.anyMatch((event) -> event.name().equals("WorkerExited")))
			.findFirst()
			.orElseThrow();
		assertReplaced(crashed);
	}

	@Test
	@Order(3)
	void workerThatGetsTermFinishesWhatItHasAndIsReplaced() throws Exception {
		LoggedEvent leaving = readyIn(2);
		try (LoadClient fresh = LoadClient.newConnections(process.port()).start();
				LoadClient kept = LoadClient.keepAlive(process.port()).start()) {
			fresh.awaitMore(100);
			kept.awaitMore(100);
			SlowRequest slow = SlowRequest.begin(process, leaving.pid(), 2345);
			process.signal("TERM", leaving.pid());
			assertThat(slow.answeredBy()).isEqualTo(leaving.pid());
			assertReplaced(leaving);
			fresh.awaitMore(100);
			kept.awaitMore(100);
			assertAllAnswered(fresh.stop());
			assertAllAnswered(kept.stop());
		}
		assertThat(LoggedEvent.await(process, "WorkerExited", leaving.worker()).text())
			.contains("it was told to end by somebody else");
	}

	@Test
	@Order(4)
	void killedWorkersTakeNothingWithThemButWhatTheyWereReading() throws Exception {
		long seed = Long.getLong("it.seed", System.nanoTime());
		System.out.println("Kills at moments of -Dit.seed=" + seed);
		Random random = new Random(seed);
		int forks = process.output().linesMatching("WorkerForkedEvent").size();
		try (LoadClient fresh = LoadClient.newConnections(process.port())
			.threads(THREADS)
			.timeout(Duration.ofMinutes(1))
			.start();
				LoadClient kept = LoadClient.keepAlive(process.port())
					.threads(THREADS)
					.timeout(Duration.ofMinutes(1))
					.start()) {
			for (int i = 0; i < KILLS; i++) {
				fresh.awaitMore(1 + random.nextInt(500));
				process.await("a worker to kill", () -> !process.workers().isEmpty());
				List<Long> victims = new ArrayList<>(process.workers());
				process.killHard(victims.get(random.nextInt(victims.size())));
			}
			process.await("new workers",
					() -> process.output().linesMatching("WorkerForkedEvent").size() == forks + KILLS);
			process.awaitReady();
			fresh.awaitMore(100);
			kept.awaitMore(100);
			assertOnlyReadingsLost(fresh.stop());
			assertOnlyReadingsLost(kept.stop());
		}
	}

	@Test
	@Order(Integer.MAX_VALUE)
	void interruptFromTheTerminalLetsRequestsInFlightFinish() throws Exception {
		List<SlowRequest> slow = new ArrayList<>();
		for (int slot = 1; slot <= WORKERS; slot++) {
			slow.add(SlowRequest.begin(process, readyIn(slot).pid(), 3456 + slot));
		}
		process.signal("INT", -process.pid());
		for (SlowRequest request : slow) {
			assertThat(request.answeredBy()).isEqualTo(request.pid());
		}
		assertThat(process.exitCode()).isZero();
		assertThat(process.processes()).isEmpty();
		assertThat(process.output().linesMatching("WorkerExitedEvent: .* exited with code 0 \\(shutdown\\)"))
			.hasSize(WORKERS);
	}

	/**
	 * Waits until a slot has a worker that is ready.
	 * @param slot the slot
	 * @return the event that told so
	 */
	private static LoggedEvent readyIn(int slot) {
		process.await("a worker in slot " + slot,
				() -> LoggedEvent.last(process, "WorkerForked", slot)
					.filter((forked) -> LoggedEvent.last(process, "WorkerReady", slot)
						.filter((ready) -> ready.worker() == forked.worker())
						.isPresent())
					.isPresent());
		return LoggedEvent.last(process, "WorkerReady", slot).orElseThrow();
	}

	private static void assertReplaced(LoggedEvent gone) throws Exception {
		process.awaitReplaced(Set.of(gone.pid()));
		LoggedEvent.await(process, "WorkerExited", gone.worker());
		assertThat(LoggedEvent.of(process, gone.worker())).extracting(LoggedEvent::name)
			.endsWith("WorkerReady", "WorkerDisconnected", "WorkerExited");
		LoggedEvent replacement = readyIn(gone.slot());
		assertThat(replacement.worker()).isGreaterThan(gone.worker());
		assertThat(replacement.generation()).isEqualTo(gone.generation());
		assertThat(process.workers()).hasSize(WORKERS).contains(replacement.pid());
	}

	private static void assertAllAnswered(LoadReport report) {
		assertThat(report.count(Outcome.OK)).as(report.toString()).isEqualTo(report.total());
	}

	private static void assertOnlyReadingsLost(LoadReport report) {
		System.out.println(report);
		assertThat(report.outcomes().keySet()).as(report.toString())
			.isSubsetOf(EnumSet.of(Outcome.OK, Outcome.RESET_BEFORE_RESPONSE, Outcome.CLOSED_BEFORE_RESPONSE,
					Outcome.TRUNCATED, Outcome.STALE_KEEPALIVE));
		assertThat(report.total() - report.count(Outcome.OK)).as(report.toString())
			.isLessThanOrEqualTo((long) KILLS * THREADS);
	}

}
