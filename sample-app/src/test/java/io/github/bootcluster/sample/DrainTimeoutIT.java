package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.sample.LoadReport.ConnectionEnd;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about a drain that takes longer than it may, and about idle connections that
 * are not to move.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DrainTimeoutIT {

	private static final int IDLE = 200;

	private static final Duration LIMIT = Duration.ofSeconds(20);

	/**
	 * More than it takes until a worker that stands still is killed.
	 */
	private static final Duration PATIENCE = Duration.ofSeconds(90);

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("drain-timeout")
			.workers(2)
			.args("--cluster.drain.timeout=3s", "--cluster.worker.stop-timeout=5s",
					"--cluster.drain.migrate-idle=false", "--logging.level.io.github.bootcluster.sample=debug")
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
	void requestThatOutlastsTheDrainIsRefusedAndNoOtherIs() throws Exception {
		Set<Long> old = process.awaitReady();
		// The one that is replaced first
		long first = LoggedEvent.last(process, "WorkerReady", 1).orElseThrow().pid();
		try (MixedLoad load = MixedLoad.start(process.port());
				IdleConnections idle = IdleConnections.open(process.port(), IDLE, LIMIT)) {
			load.awaitProgress();
			SlowRequest endless = SlowRequest.begin(process, first, 59_000);
			Restart.begin(process).awaitCompleted();
			process.awaitReplaced(old);
			HttpAnswer answer = endless.answer().get(LIMIT.toSeconds(), TimeUnit.SECONDS);
			assertThat(answer.status()).as(answer.text()).isEqualTo(503);
			assertThat(answer.announcesClose()).isTrue();
			load.awaitProgress();
			LoadReport report = FaultLine.print("requestThatOutlastsTheDrainIsRefusedAndNoOtherIs", 1, load.stop());
			assertThat(report.count(Outcome.OK)).as(report.toString()).isEqualTo(report.total());
			idle.forgetEnded();
			idle.ask();
			assertClosedInOrder(idle.finish());
		}
	}

	private static void assertClosedInOrder(LoadReport idle) {
		FaultLine.print("idleConnectionsThatAreNotToMoveAreClosedInOrder", 1, List.of(idle));
		assertThat(idle.count(Outcome.OK)).as(idle.toString()).isEqualTo(idle.total());
		assertThat(idle.connectionEnds().keySet()).as(idle.toString())
			.isSubsetOf(EnumSet.of(ConnectionEnd.CLOSED_WHILE_IDLE, ConnectionEnd.CLOSE_ANNOUNCED));
	}

	@Test
	@Order(2)
	void oldWorkerThatStandsStillIsKilledAndWhatItHadNotTakenIsAnsweredByAnother() throws Exception {
		Set<Long> old = process.awaitReady();
		try (MixedLoad load = MixedLoad.start(process.port(), PATIENCE)) {
			load.awaitProgress();
			long victim = LoggedEvent.last(process, "WorkerReady", 1).orElseThrow().pid();
			Restart restart = Restart.begin(process);
			restart.awaitFork();
			process.freeze(victim);
			restart.awaitCompleted();
			process.awaitReplaced(old);
			load.awaitProgress();
			LoadReport report = FaultLine
				.print("oldWorkerThatStandsStillIsKilledAndWhatItHadNotTakenIsAnsweredByAnother", 1, load.stop());
			assertThat(report.outcomes().keySet()).as(report.toString())
				.isSubsetOf(EnumSet.of(Outcome.OK, Outcome.RESET_BEFORE_RESPONSE, Outcome.CLOSED_BEFORE_RESPONSE,
						Outcome.TRUNCATED, Outcome.STALE_KEEPALIVE));
			assertThat(report.total() - report.count(Outcome.OK)).as(report.toString())
				.isLessThanOrEqualTo(MixedLoad.MAX_IN_FLIGHT);
		}
	}

}
