package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.List;

import io.github.bootcluster.ExitKind;
import io.github.bootcluster.event.WorkerExitedEvent;
import io.github.bootcluster.event.WorkerUnresponsiveEvent;
import io.github.bootcluster.wire.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about workers whose event loops do not answer.
 */
@ExtendWith(OutputCaptureExtension.class)
class WatchdogTests {

	private static final Duration TIMEOUT = Duration.ofSeconds(30);

	private static final Duration SECOND = Duration.ofSeconds(1);

	private final TestCluster cluster = TestCluster.watched(3, TIMEOUT);

	private FakeWorker first;

	private FakeWorker second;

	private FakeWorker third;

	@AfterEach
	void close() {
		this.cluster.close();
	}

	@BeforeEach
	void start() {
		this.cluster.start().readyAll();
		this.first = this.cluster.worker(1);
		this.second = this.cluster.worker(2);
		this.third = this.cluster.worker(3);
		this.cluster.beatAll(TestCluster.HEALTHY_AFTER);
	}

	@Test
	void workersThatBeatAreLetAlone() {
		this.cluster.beatAll(Duration.ofMinutes(10));
		assertThat(this.cluster.forked()).hasSize(3).allMatch((worker) -> worker.signals().isEmpty());
		assertThat(this.cluster.events(WorkerUnresponsiveEvent.class)).isEmpty();
	}

	@Test
	void newTimeoutHoldsFromTheNextLookOn() {
		this.cluster.replaceSettings(
				TestCluster.settings(3, 1, 10, Duration.ofSeconds(5), TestCluster.NO_RECYCLING, Duration.ZERO));
		this.cluster.beatAll(Duration.ofSeconds(6), this.second);
		assertThat(this.second.connection().sent(Frame.DumpThreads.class)).hasSize(1);
		assertThat(this.first.connection().sent(Frame.DumpThreads.class)).isEmpty();
	}

	@Test
	void workerThatIsIdleMayReportAtItsPaceAndHasTheTimeoutAllTheSame() {
		this.cluster.replaceSettings(
				TestCluster.settings(3, 1, 10, Duration.ofSeconds(4), TestCluster.NO_RECYCLING, Duration.ZERO));
		this.cluster.send(this.first, TestCluster.report(0, Duration.ofSeconds(5)));
		this.cluster.beatAll(Duration.ofSeconds(7), this.first);
		assertThat(this.first.connection().sent(Frame.DumpThreads.class)).isEmpty();
		this.cluster.beatAll(Duration.ofSeconds(2), this.first);
		assertThat(this.first.connection().sent(Frame.DumpThreads.class)).hasSize(1);
	}

	@Test
	void silentWorkerIsWithheldAndAskedForItsThreads() {
		this.cluster.beatAll(TIMEOUT.minus(SECOND), this.first);
		assertThat(this.cluster.listeners().admitted()).containsExactlyInAnyOrder(1, 2, 3);
		this.cluster.beatAll(SECOND.multipliedBy(2), this.first);
		assertThat(this.cluster.listeners().admitted()).containsExactlyInAnyOrder(2, 3);
		assertThat(this.first.connection().sent(Frame.DumpThreads.class)).hasSize(1);
		assertThat(this.first.signals()).isEmpty();
	}

	@Test
	void workerThatTellsItsThreadsIsEndedAtOnceAndReplaced(CapturedOutput output) {
		this.cluster.beatAll(TIMEOUT.plus(SECOND), this.first);
		this.cluster.send(this.first, new Frame.ThreadDump("\"main\" BLOCKED\n"));
		assertThat(this.first.signals()).containsExactly("TERM");
		assertThat(output).contains("Worker 1 (slot 1, pid 1001, generation 1) hangs and is replaced");
		this.cluster.beatAll(TestCluster.GRACE, this.first);
		assertThat(this.first.signals()).containsExactly("TERM", "KILL");
		this.cluster.crash(this.first, 137);
		this.cluster.readyAll();
		assertThat(this.cluster.worker(4).slot()).isOne();
		assertThat(this.cluster.readyCount()).isEqualTo(3);
		assertThat(this.cluster.status().slots().get(0).lastExit())
			.satisfies((exit) -> assertThat(exit.kind()).isEqualTo(ExitKind.HUNG));
		assertThat(this.cluster.events(WorkerUnresponsiveEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getThreadDump()).isEqualTo("\"main\" BLOCKED\n");
			assertThat(event.getSilence()).isGreaterThanOrEqualTo(TIMEOUT);
			assertThat(event.getWorker().id()).isOne();
		});
		assertThat(this.cluster.events(WorkerExitedEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.getExit().reason()).contains("its event loops had not answered"));
	}

	@Test
	void workerThatTellsNothingIsEndedAfterAMoment() {
		this.cluster.beatAll(TIMEOUT.plus(SECOND), this.first);
		this.cluster.beatAll(Watchdog.ANSWER_TIME.plus(SECOND), this.first);
		assertThat(this.first.signals()).containsExactly("TERM");
		assertThat(this.cluster.events(WorkerUnresponsiveEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.getThreadDump()).isNull());
	}

	@Test
	void workerThatAnswersAgainServesAgain(CapturedOutput output) {
		this.cluster.beatAll(TIMEOUT.plus(SECOND), this.first);
		assertThat(this.cluster.listeners().admitted()).doesNotContain(1);
		this.cluster.beatAll(Duration.ofMinutes(2));
		assertThat(this.cluster.listeners().admitted()).containsExactlyInAnyOrder(1, 2, 3);
		assertThat(this.first.signals()).isEmpty();
		assertThat(output).contains("answers again after");
	}

	@Test
	void dumpThatComesAfterTheWorkerAnswersAgainEndsNobody() {
		this.cluster.beatAll(TIMEOUT.plus(SECOND), this.first);
		this.cluster.beat(this.first, 0);
		this.cluster.send(this.first, new Frame.ThreadDump("late"));
		assertThat(this.first.signals()).isEmpty();
		this.cluster.beatAll(TIMEOUT.plus(SECOND), this.first);
		assertThat(this.first.signals()).isEmpty();
	}

	@Test
	void workersThatHangTogetherAreEndedOneAfterAnother() {
		this.cluster.beatAll(TIMEOUT.plus(SECOND), this.first, this.second, this.third);
		List.of(this.first, this.second, this.third)
			.forEach((worker) -> this.cluster.send(worker, new Frame.ThreadDump("dump")));
		assertThat(this.first.signals()).containsExactly("TERM");
		assertThat(this.second.signals()).isEmpty();
		assertThat(this.third.signals()).isEmpty();
		this.cluster.beat(this.third, 0);
		this.cluster.crash(this.first, 143);
		assertThat(this.second.signals()).containsExactly("TERM");
		this.cluster.crash(this.second, 143);
		assertThat(this.third.signals()).isEmpty();
		assertThat(this.cluster.listeners().admitted()).contains(3);
	}

	@Test
	void shutdownKeepsItsTimeAlthoughNobodyIsWatchedAnyMore() {
		this.cluster.stop();
		for (int second = 0; second < TestCluster.DRAIN_TIMEOUT.plus(TestCluster.GRACE).toSeconds(); second++) {
			assertThat(this.first.signals()).isEmpty();
			// Not with advance(), which would not return if turn followed turn at once
			this.cluster.thread().lag(SECOND);
			this.cluster.run();
		}
		assertThat(this.first.signals()).containsExactly("TERM");
	}

	@Test
	void masterThatStoodStillBlamesNobody(CapturedOutput output) {
		this.cluster.thread().lag(Duration.ofHours(8));
		this.cluster.run();
		assertThat(output).contains("Master was paused for");
		this.cluster.beatAll(Duration.ofMinutes(1));
		assertThat(this.cluster.forked()).hasSize(3).allMatch((worker) -> worker.signals().isEmpty());
		assertThat(this.first.connection().sent(Frame.DumpThreads.class)).isEmpty();
	}

	@Test
	void masterThatStoodStillSparesWhomItSuspectedBefore() {
		this.cluster.beatAll(TIMEOUT.plus(SECOND), this.first);
		this.cluster.thread().lag(Duration.ofHours(8));
		this.cluster.run();
		assertThat(this.first.signals()).isEmpty();
		assertThat(this.cluster.listeners().admitted()).contains(1);
	}

	@Test
	void whoHangsAfterTheMasterStoodStillIsFoundAllTheSame() {
		this.cluster.thread().lag(Duration.ofHours(8));
		this.cluster.run();
		this.cluster.beatAll(TIMEOUT.plus(SECOND), this.first);
		this.cluster.send(this.first, new Frame.ThreadDump("dump"));
		assertThat(this.first.signals()).containsExactly("TERM");
	}

	@Test
	void workerThatDrainsHasItsDrainTimeout() {
		this.cluster.send(this.first, new Frame.Draining());
		this.cluster.beatAll(TestCluster.DRAIN_TIMEOUT, this.first);
		assertThat(this.first.signals()).isEmpty();
		assertThat(this.first.connection().sent(Frame.DumpThreads.class)).isEmpty();
	}

	@Test
	void workerThatStartsHasItsStartTimeout() {
		this.cluster.crash(this.first, 1);
		FakeWorker starting = this.cluster.worker(4);
		this.cluster.online(starting);
		this.cluster.beatAll(TestCluster.START_TIMEOUT.minus(SECOND), starting);
		assertThat(starting.signals()).isEmpty();
		assertThat(starting.connection().sent(Frame.DumpThreads.class)).isEmpty();
	}

	@Test
	void masterThatStoodStillGivesThoseThatStartAndDrainTheirTimeAll() {
		this.cluster.send(this.first, new Frame.Draining());
		this.cluster.advance(WorkerHandle.SIGNAL_SPREAD);
		FakeWorker starting = this.cluster.worker(4);
		this.cluster.online(starting);
		this.cluster.thread().lag(Duration.ofHours(8));
		this.cluster.run();
		assertThat(starting.signals()).isEmpty();
		assertThat(this.first.signals()).isEmpty();
		this.cluster.ready(starting);
		this.cluster.advance(TestCluster.DRAIN_TIMEOUT.plus(TestCluster.GRACE));
		assertThat(this.first.signals()).containsExactly("TERM");
	}

	@Test
	void workerThatRefusesTrafficGetsNoConnectionsUntilItAcceptsAgain() {
		this.cluster.send(this.first, new Frame.Availability(false, true));
		this.cluster.beatAll(TIMEOUT.multipliedBy(2));
		assertThat(this.cluster.listeners().admitted()).containsExactlyInAnyOrder(2, 3);
		assertThat(this.cluster.forked()).as("it is not replaced").hasSize(3);
		this.cluster.send(this.first, new Frame.Availability(true, true));
		assertThat(this.cluster.listeners().admitted()).containsExactlyInAnyOrder(1, 2, 3);
	}

	@Test
	void workerThatRefusesTrafficAndAnswersAgainGetsNoConnections() {
		this.cluster.send(this.first, new Frame.Availability(false, true));
		this.cluster.beatAll(TIMEOUT.plus(SECOND), this.first);
		this.cluster.beat(this.first, 0);
		this.cluster.beatAll(TIMEOUT);
		assertThat(this.first.signals()).isEmpty();
		assertThat(this.cluster.listeners().admitted()).containsExactlyInAnyOrder(2, 3);
	}

	@Test
	void whereAllRefuseTrafficAllGetIt(CapturedOutput output) {
		List<FakeWorker> all = this.cluster.alive();
		all.forEach((worker) -> this.cluster.send(worker, new Frame.Availability(false, true)));
		assertThat(this.cluster.listeners().admitted()).containsExactlyInAnyOrder(1, 2, 3);
		assertThat(output).containsOnlyOnce("All ready workers of group default refuse traffic");
		this.cluster.send(all.get(1), new Frame.Availability(true, true));
		assertThat(this.cluster.listeners().admitted()).containsExactly(2);
		this.cluster.crash(all.get(1), 1);
		assertThat(this.cluster.listeners().admitted()).as("nobody else is left").containsExactlyInAnyOrder(1, 3);
		this.cluster.readyAll();
		assertThat(this.cluster.listeners().admitted()).containsExactly(4);
	}

	@Test
	void workerThatRefusesTrafficTakesPartInWhatIsQueuedAtTheEnd() {
		this.cluster.send(this.first, new Frame.Availability(false, true));
		this.cluster.listeners().keepOpen();
		this.cluster.stop();
		assertThat(this.cluster.listeners().admitted()).containsExactlyInAnyOrder(1, 2, 3);
	}

	@Test
	void workerThatIsBrokenIsReplacedAsOneThatHangs(CapturedOutput output) {
		this.cluster.send(this.first, new Frame.Availability(true, false));
		assertThat(this.cluster.listeners().admitted()).containsExactlyInAnyOrder(2, 3);
		assertThat(this.first.connection().sent(Frame.DumpThreads.class)).hasSize(1);
		this.cluster.beat(this.first, 0);
		this.cluster.send(this.first, new Frame.ThreadDump("dump"));
		assertThat(this.first.signals()).containsExactly("TERM");
		this.cluster.crash(this.first, 143);
		assertThat(this.cluster.worker(4).slot()).isOne();
		assertThat(output).contains("is broken, by its liveness state, and is replaced");
		assertThat(this.cluster.events(WorkerUnresponsiveEvent.class)).singleElement()
			.matches(WorkerUnresponsiveEvent::isBroken);
	}

	@Test
	void workerThatIsMendedInTimeGoesOn() {
		this.cluster.send(this.first, new Frame.Availability(true, false));
		this.cluster.send(this.first, new Frame.Availability(true, true));
		this.cluster.beatAll(TIMEOUT);
		assertThat(this.first.signals()).isEmpty();
		assertThat(this.cluster.listeners().admitted()).containsExactlyInAnyOrder(1, 2, 3);
	}

	@Test
	void workerThatIsBrokenIsReplacedWithoutATimeoutToo() {
		try (TestCluster unwatched = TestCluster.of(1)) {
			FakeWorker worker = unwatched.startAll().worker(1);
			unwatched.send(worker, new Frame.Availability(true, false));
			unwatched.advance(Watchdog.ANSWER_TIME.plus(SECOND));
			assertThat(worker.signals()).containsExactly("TERM");
		}
	}

	@Test
	void withoutATimeoutNobodyIsWatched() {
		try (TestCluster unwatched = TestCluster.of(1)) {
			FakeWorker worker = unwatched.startAll().worker(1);
			unwatched.advance(Duration.ofDays(1));
			assertThat(worker.signals()).isEmpty();
			assertThat(unwatched.thread().pendingTimers()).isZero();
		}
	}

}
