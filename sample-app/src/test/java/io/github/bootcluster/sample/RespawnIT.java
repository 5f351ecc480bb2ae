package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about workers that die again and again, on a host that has no memory for more
 * workers than wanted. Every death is early here.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class RespawnIT {

	private static final int WORKERS = 2;

	private static final int[] DELAYS = { 100, 200, 250 };

	private static final int THREADS = 2;

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("respawn")
			.workers(WORKERS)
			.launchedBy("env", "--default-signal=HUP")
			.args("--cluster.respawn.healthy-after=1h", "--cluster.respawn.initial-delay=100ms",
					"--cluster.respawn.multiplier=2", "--cluster.respawn.max-delay=250ms",
					"--cluster.respawn.max-attempts=4", "--cluster.restart.surge=0",
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
	void slotWhoseWorkersKeepDyingIsGivenUpWhileTheOtherServes() throws Exception {
		try (LoadClient load = LoadClient.newConnections(process.port())
			.threads(THREADS)
			.pause(MixedLoad.PAUSE)
			.start()) {
			load.awaitMore(50);
			LoggedEvent victim = LoggedEvent.last(process, "WorkerReady", 1).orElseThrow();
			for (int delay : DELAYS) {
				int mark = process.output().mark();
				process.killHard(victim.pid());
				process.awaitLine(mark, "Restarting worker in slot 1 in "
						+ ((delay % 1000 == 0) ? delay / 1000 + " s" : delay + " ms"));
				int worker = victim.worker();
				process.await("another worker in slot 1",
						() -> LoggedEvent.last(process, "WorkerForked", 1)
							.filter((forked) -> forked.worker() > worker)
							.isPresent());
				victim = LoggedEvent.last(process, "WorkerForked", 1).orElseThrow();
			}
			process.killHard(victim.pid());
			process.awaitLine("Slot 1 is given up after 4 workers in a row died early");
			process.awaitLine("WorkerRespawnSuppressedEvent: slot 1 after 4 attempts");
			load.awaitMore(100);
			LoadReport report = load.stop();
			// One worker was serving when it was killed, the others had not got so far
			assertThat(report.count(Outcome.OK)).as(report.toString()).isGreaterThanOrEqualTo(report.total() - THREADS);
			assertThat(report.lost()).as(report.toString())
				.isEqualTo(report.count(Outcome.RESET_BEFORE_RESPONSE) + report.count(Outcome.CLOSED_BEFORE_RESPONSE)
						+ report.count(Outcome.TRUNCATED));
		}
		assertThat(process.workers()).containsExactly(LoggedEvent.last(process, "WorkerReady", 2).orElseThrow().pid());
	}

	@Test
	@Order(2)
	void restartTakesTheSlotUpAgainAndNeedsNoMoreWorkersThanWanted() throws Exception {
		try (LoadClient load = LoadClient.keepAlive(process.port()).pause(MixedLoad.PAUSE).start()) {
			load.awaitMore(50);
			process.signal("HUP");
			process.awaitLine("RollingRestartCompletedEvent: .*state=COMPLETED, generation=2, replaced=2, total=2");
			process.awaitReady();
			load.awaitMore(50);
			LoadReport report = load.stop();
			assertThat(report.count(Outcome.OK)).as(report.toString()).isEqualTo(report.total());
		}
		int workers = 0;
		List<LoggedEvent> refills = new ArrayList<>();
		for (LoggedEvent event : LoggedEvent.of(process)) {
			if (event.name().equals("WorkerForked")) {
				workers++;
				refills.add(event);
			}
			else if (event.name().equals("WorkerExited")) {
				workers--;
			}
			assertThat(workers).as(event.toString()).isLessThanOrEqualTo(WORKERS);
		}
		assertThat(workers).isEqualTo(WORKERS);
		assertThat(refills.subList(refills.size() - WORKERS, refills.size())).extracting(LoggedEvent::generation)
			.containsOnly(2);
		assertThat(refills.subList(refills.size() - WORKERS, refills.size())).extracting(LoggedEvent::slot)
			.containsExactly(1, 2);
	}

	@Test
	@Order(3)
	void secondTermEndsAllAtOnce() throws Exception {
		SlowRequest slow = SlowRequest.begin(process, LoggedEvent.last(process, "WorkerReady", 1).orElseThrow().pid(),
				59_999);
		process.signal("TERM");
		process.awaitLine("Received TERM: shutting down gracefully");
		assertThat(process.isAlive()).isTrue();
		process.signal("TERM");
		assertThat(process.exitCode()).isEqualTo(128 + 15);
		assertThat(process.processes()).isEmpty();
		assertThat(slow.answer()).failsWithin(Duration.ofSeconds(5));
	}

}
