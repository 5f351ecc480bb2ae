package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.event.ClusterEvent;
import io.github.bootcluster.event.ClusterStartedEvent;
import io.github.bootcluster.event.WorkerDisconnectedEvent;
import io.github.bootcluster.event.WorkerEvent;
import io.github.bootcluster.event.WorkerExitedEvent;
import io.github.bootcluster.event.WorkerForkedEvent;
import io.github.bootcluster.event.WorkerListeningEvent;
import io.github.bootcluster.event.WorkerOnlineEvent;
import io.github.bootcluster.event.WorkerReadyEvent;
import io.github.bootcluster.event.WorkerRespawnSuppressedEvent;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.Operation;
import io.github.bootcluster.wire.TestFrames;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of the supervision, with fake workers and a clock that is turned by hand.
 */
class SupervisorTests {

	private static final Duration LONG = Duration.ofHours(1);

	private TestCluster cluster = TestCluster.of(4);

	@AfterEach
	void close() {
		this.cluster.close();
	}

	@Test
	void firstWorkerStartsAlone() {
		this.cluster.start();
		assertThat(this.cluster.forked()).singleElement().satisfies((first) -> {
			assertThat(first.id()).isEqualTo(1);
			assertThat(first.slot()).isEqualTo(1);
			assertThat(first.generation()).isEqualTo(1);
		});
		assertThat(this.cluster.started()).isNotDone();
	}

	@Test
	void clusterHasStartedOnceTheFirstWorkerIsReady() {
		this.cluster.start();
		this.cluster.online(this.cluster.worker(1));
		assertThat(this.cluster.started()).isNotDone();
		this.cluster.ready(this.cluster.worker(1));
		assertThat(this.cluster.started()).isCompleted();
	}

	@Test
	void otherWorkersStartSideBySideButNotAllAtOnce() {
		this.cluster.start();
		this.cluster.ready(this.cluster.worker(1));
		assertThat(this.cluster.starting()).extracting(FakeWorker::slot).containsExactly(2, 3);
		this.cluster.ready(this.cluster.worker(3));
		assertThat(this.cluster.starting()).extracting(FakeWorker::slot).containsExactly(2, 4);
		this.cluster.readyAll();
		assertThat(this.cluster.in(WorkerState.READY)).extracting(FakeWorker::slot).containsExactly(1, 2, 3, 4);
		assertThat(this.cluster.forked()).hasSize(4);
	}

	@Test
	void workersOfAnApplicationThatHasRunBeforeStartSideBySideFromTheBeginning() {
		this.cluster.generations().haveRunBefore();
		this.cluster.start();
		assertThat(this.cluster.starting()).extracting(FakeWorker::slot).containsExactly(1, 2);
		this.cluster.ready(this.cluster.worker(2));
		assertThat(this.cluster.started()).isCompleted();
		assertThat(this.cluster.starting()).extracting(FakeWorker::slot).containsExactly(1, 3);
		this.cluster.readyAll();
		assertThat(this.cluster.forked()).hasSize(4);
		assertThat(this.cluster.generations().ran()).containsExactly(1);
	}

	@Test
	void workerThatDoesNotStartBesideAnotherIsReplacedOnceThatIsReady() {
		this.cluster.generations().haveRunBefore();
		this.cluster.start();
		this.cluster.crash(this.cluster.worker(1), 1);
		this.cluster.advance(Duration.ofSeconds(30));
		assertThat(this.cluster.started()).isNotDone();
		assertThat(this.cluster.forked()).as("no retry while the other still starts").hasSize(2);
		this.cluster.ready(this.cluster.worker(2));
		assertThat(this.cluster.started()).isCompleted();
		this.cluster.readyAll();
		assertThat(this.cluster.in(WorkerState.READY)).extracting(FakeWorker::slot)
			.containsExactlyInAnyOrder(1, 2, 3, 4);
	}

	@Test
	void startEndsWithTheFirstFailureOnceAllThatStartedSideBySideHaveFailed() {
		this.cluster.generations().haveRunBefore();
		this.cluster.start();
		this.cluster.worker(1).say("The database is down.");
		this.cluster.crash(this.cluster.worker(1), 1);
		assertThat(this.cluster.started()).isNotDone();
		this.cluster.worker(2).say("The database is locked.");
		this.cluster.crash(this.cluster.worker(2), 2);
		assertStartFailed("exited with code 1", "The database is down.");
	}

	@Test
	void eachWorkerGetsConnectionsFromItsReadinessUntilItLeaves() {
		this.cluster.start();
		this.cluster.online(this.cluster.worker(1));
		assertThat(this.cluster.listeners().admitted()).isEmpty();
		this.cluster.readyAll();
		assertThat(this.cluster.listeners().admitted()).containsExactlyInAnyOrder(1, 2, 3, 4);
		this.cluster.disconnect(this.cluster.worker(2));
		assertThat(this.cluster.listeners().admitted()).containsExactlyInAnyOrder(1, 3, 4);
		this.cluster.send(this.cluster.worker(3), new Frame.Draining());
		assertThat(this.cluster.listeners().admitted()).containsExactlyInAnyOrder(1, 4);
	}

	@Test
	void loadThatAWorkerReportsReachesTheListeners() {
		this.cluster.start();
		this.cluster.readyAll();
		this.cluster.send(this.cluster.worker(2), new Frame.Vitals(
				new WorkerVitals(5, 0, 0, 0, true, Duration.ofMillis(120), 0.5), Duration.ofSeconds(1)));
		assertThat(this.cluster.listeners().calls()).contains("report 2 with PT0.12S and 0.5");
	}

	@Test
	void workerIsWelcomedAndToldTheStatus() {
		this.cluster.start();
		FakeWorker first = this.cluster.worker(1);
		this.cluster.online(first);
		assertThat(first.connection().sent()).satisfiesExactly(
				(welcome) -> assertThat(welcome).isInstanceOfSatisfying(Frame.Welcome.class,
						(accepted) -> assertThat(accepted.kind()).isEqualTo(ListenerKind.HANDOFF)),
				(status) -> assertThat(status).isEqualTo(new Frame.Status(this.cluster.status())));
		assertThat(this.cluster.listeners().calls()).contains("register 1 in slot 1 with pid " + first.pid());
	}

	@Test
	void lifeOfAWorkerIsToldInOrder() {
		this.cluster = TestCluster.of(1).start();
		FakeWorker first = this.cluster.worker(1);
		this.cluster.online(first);
		this.cluster.send(first, new Frame.Listen(7, "127.0.0.1", 8080, 0, 128));
		this.cluster.listeners().unanswered().get(0).accept(new Frame.Listening(7, 1, "127.0.0.1", 8080));
		this.cluster.run();
		this.cluster.ready(first);
		this.cluster.stop();
		this.cluster.crash(first, 0);
		assertThat(this.cluster.events().<Class<?>>map(ClusterEvent::getClass)).containsExactly(
				ClusterStartedEvent.class, WorkerForkedEvent.class, WorkerOnlineEvent.class, WorkerListeningEvent.class,
				WorkerReadyEvent.class, WorkerDisconnectedEvent.class, WorkerExitedEvent.class);
		assertThat(this.cluster.events(WorkerEvent.class)).extracting(WorkerEvent::getWorker)
			.extracting(ClusterWorker::state)
			.containsExactly(WorkerState.FORKED, WorkerState.ONLINE, WorkerState.LISTENING, WorkerState.READY,
					WorkerState.DRAINING, WorkerState.EXITED);
		assertThat(this.cluster.events(WorkerExitedEvent.class).get(0).getExit().voluntary()).isTrue();
	}

	@Test
	void firstFailureEndsTheStart() {
		this.cluster.start();
		FakeWorker first = this.cluster.worker(1);
		first.say("Port 8080 was already in use.");
		this.cluster.crash(first, 1);
		assertStartFailed("exited with code 1", "Port 8080 was already in use.");
	}

	@Test
	void firstForkThatFailsEndsTheStart() {
		this.cluster.failForks("there is not enough memory");
		this.cluster.start();
		assertThat(this.cluster.attempts()).as("no attempt for another slot").isOne();
		assertStartFailed("could not be forked: there is not enough memory");
	}

	@Test
	void firstWorkerThatIsNotReadyInTimeEndsTheStart() {
		this.cluster.start();
		FakeWorker first = this.cluster.worker(1);
		this.cluster.online(first);
		this.cluster.advance(TestCluster.START_TIMEOUT);
		assertThat(first.signals()).containsExactly("TERM");
		assertThat(this.cluster.forked()).as("no second attempt meanwhile").hasSize(1);
		this.cluster.crash(first, 143);
		assertStartFailed("was ended by signal 15 (TERM) (it was not ready within 60 s and was idle)");
	}

	@Test
	void workerThatStillWorksWhenItsTimeIsUpGetsMore() {
		this.cluster.start();
		FakeWorker slow = this.cluster.worker(1);
		for (int period = 1; period <= 3; period++) {
			this.cluster.advance(TestCluster.START_TIMEOUT.minusSeconds(5));
			slow.work(Duration.ofSeconds(2));
			this.cluster.advance(Duration.ofSeconds(5));
			assertThat(slow.signals()).isEmpty();
		}
		this.cluster.ready(slow);
		this.cluster.advance(TestCluster.START_TIMEOUT.multipliedBy(2));
		assertThat(slow.signals()).isEmpty();
		assertThat(this.cluster.started()).isCompleted();
	}

	@Test
	void workerThatWorksForEverIsEndedAtLast() {
		this.cluster.start();
		FakeWorker busy = this.cluster.worker(1);
		for (int second = 0; second < TestCluster.START_TIMEOUT.toSeconds() * 4; second++) {
			assertThat(busy.signals()).isEmpty();
			busy.work(Duration.ofSeconds(1));
			this.cluster.advance(Duration.ofSeconds(1));
		}
		this.cluster.crash(busy, 143);
		assertStartFailed(
				"was ended by signal 15 (TERM) (it was not ready within 240 s and still used processor time)");
	}

	@Test
	void firstWorkerThatEndsItselfWhileItStartsEndsTheStart() {
		this.cluster.start();
		FakeWorker first = this.cluster.worker(1);
		this.cluster.online(first);
		this.cluster.send(first, new Frame.Draining());
		assertThat(this.cluster.forked()).as("no second attempt meanwhile").hasSize(1);
		this.cluster.crash(first, 3);
		assertStartFailed("ended by itself with code 3");
	}

	private void assertStartFailed(String reason, String... lastLines) {
		int forked = this.cluster.forked().size();
		this.cluster.advance(LONG);
		assertThat(this.cluster.forked()).as("no retry").hasSize(forked);
		assertThat(this.cluster.started()).isCompletedExceptionally();
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> this.cluster.started().join())
			.havingCause()
			.isInstanceOfSatisfying(FirstWorkerFailedException.class, (failure) -> {
				assertThat(failure.getReason()).isEqualTo(reason);
				assertThat(failure.getLastLines()).containsExactly(lastLines);
			});
		assertThat(this.cluster.stop()).isCompleted();
		assertThat(this.cluster.listeners().calls()).contains("close");
	}

	@Test
	void deadWorkerIsReplacedInItsSlotAtOnce() {
		this.cluster.startAll();
		this.cluster.crash(this.cluster.worker(2), 137);
		assertThat(this.cluster.starting()).singleElement().satisfies((replacement) -> {
			assertThat(replacement.id()).isEqualTo(5);
			assertThat(replacement.slot()).isEqualTo(2);
		});
		this.cluster.readyAll();
		assertThat(this.cluster.readyCount()).isEqualTo(4);
		assertThat(this.cluster.events(WorkerExitedEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getExit().voluntary()).isFalse();
			assertThat(event.getExit().signal()).isEqualTo(9);
			assertThat(event.getExit().reason()).isEqualTo("was ended by signal 9 (KILL)");
		});
	}

	@Test
	void exitThatIsHeardBeforeTheLostConnectionIsDealtWithAlike() {
		this.cluster.startAll();
		FakeWorker second = this.cluster.worker(2);
		this.cluster.exit(second, 137);
		this.cluster.disconnect(second);
		assertThat(this.cluster.starting()).extracting(FakeWorker::slot).containsExactly(2);
		assertThat(this.cluster.events(WorkerDisconnectedEvent.class)).hasSize(1);
	}

	@Test
	void workerThatDiesEarlyIsReplacedLaterEachTime() {
		this.cluster.startAll();
		this.cluster.crash(this.cluster.worker(2), 1);
		for (long delay : new long[] { 1000, 1500, 2250 }) {
			FakeWorker replacement = this.cluster.starting().get(0);
			this.cluster.ready(replacement);
			this.cluster.crash(replacement, 1);
			assertReplacedAfter(Duration.ofMillis(delay));
		}
	}

	@Test
	void workerThatDiesBeforeItIsReadyIsReplacedLaterEachTime() {
		this.cluster.startAll();
		this.cluster.crash(this.cluster.worker(2), 1);
		for (long delay : new long[] { 1000, 1500, 2250 }) {
			FakeWorker replacement = this.cluster.starting().get(0);
			this.cluster.online(replacement);
			this.cluster.crash(replacement, 1);
			assertReplacedAfter(Duration.ofMillis(delay));
		}
	}

	@Test
	void workerThatEndsItselfBeforeItIsReadyIsReplacedLater() {
		this.cluster.startAll();
		this.cluster.crash(this.cluster.worker(2), 1);
		FakeWorker replacement = this.cluster.starting().get(0);
		this.cluster.online(replacement);
		this.cluster.send(replacement, new Frame.Draining());
		assertThat(this.cluster.starting()).isEmpty();
		this.cluster.crash(replacement, 1);
		assertReplacedAfter(Duration.ofSeconds(1));
	}

	@Test
	void forkThatFailsIsTriedAgainLaterEachTime() {
		this.cluster.startAll();
		this.cluster.failForks("the application's JAR no longer exists");
		this.cluster.crash(this.cluster.worker(2), 1);
		this.cluster.advance(Duration.ofMillis(1000));
		this.cluster.failForks(null);
		assertReplacedAfter(Duration.ofMillis(1500));
	}

	private void assertReplacedAfter(Duration delay) {
		this.cluster.advance(delay.minusNanos(1));
		assertThat(this.cluster.starting()).isEmpty();
		this.cluster.advance(Duration.ofNanos(1));
		assertThat(this.cluster.starting()).hasSize(1);
	}

	@Test
	void healthyWorkerForgetsTheEarlyDeathsBeforeIt() {
		this.cluster.startAll();
		crashOf(2, 1);
		this.cluster.readyAll();
		crashOf(2, 1);
		this.cluster.advance(Duration.ofSeconds(1));
		this.cluster.readyAll();
		this.cluster.advance(TestCluster.HEALTHY_AFTER);
		crashOf(2, 1);
		assertThat(this.cluster.starting()).as("at once").hasSize(1);
	}

	private void crashOf(int slot, int exitCode) {
		this.cluster.alive()
			.stream()
			.filter((worker) -> worker.slot() == slot)
			.forEach((worker) -> this.cluster.crash(worker, exitCode));
	}

	@Test
	void slotIsGivenUpAfterTooManyEarlyDeathsAndTheOthersServeOn() {
		this.cluster = new TestCluster(2, 1, 1, 3).startAll();
		crashOf(2, 1);
		for (int attempt = 1; attempt <= 3; attempt++) {
			assertThat(this.cluster.starting()).hasSize(1);
			crashOf(2, 1);
			this.cluster.advance(Duration.ofSeconds(30));
		}
		this.cluster.advance(LONG);
		assertThat(this.cluster.alive()).extracting(FakeWorker::slot).containsExactly(1);
		assertThat(this.cluster.forked()).hasSize(5);
		assertThat(this.cluster.thread().pendingTimers()).isZero();
		assertThat(this.cluster.events(WorkerRespawnSuppressedEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getSlot()).isEqualTo(2);
			assertThat(event.getAttempts()).isEqualTo(3);
		});
	}

	@Test
	void masterEndsWithACodeOfItsOwnOnceEverySlotIsGivenUp() {
		this.cluster = TestCluster.givingUp(true).startAll();
		crashOf(1, 1);
		crashOf(1, 1);
		assertThat(this.cluster.exits()).as("somebody serves").isZero();
		crashOf(2, 1);
		assertThat(this.cluster.exits()).as("somebody is tried").isZero();
		crashOf(2, 1);
		assertThat(this.cluster.exits()).isOne();
		assertThat(this.cluster.exitCode()).isEqualTo(70);
	}

	@Test
	void masterThatIsToStayWithoutASlotWaitsForARestart() {
		this.cluster = TestCluster.givingUp(false).startAll();
		for (int slot = 1; slot <= 2; slot++) {
			crashOf(slot, 1);
			crashOf(slot, 1);
		}
		assertThat(this.cluster.alive()).isEmpty();
		assertThat(this.cluster.exits()).isZero();
		this.cluster.restart();
		this.cluster.readyAll();
		assertThat(this.cluster.readyCount()).isEqualTo(2);
	}

	@Test
	void workerThatSomebodyElseEndsIsReplacedWhileItDrains() {
		this.cluster.startAll();
		FakeWorker second = this.cluster.worker(2);
		this.cluster.send(second, new Frame.Draining());
		assertThat(this.cluster.state(second)).isEqualTo(WorkerState.DRAINING);
		assertThat(second.connection().sent(Frame.Drain.class)).as("it may be needed yet").isEmpty();
		this.cluster.advance(WorkerHandle.SIGNAL_SPREAD);
		assertThat(second.connection().sent(Frame.Drain.class)).hasSize(1);
		assertThat(this.cluster.starting()).extracting(FakeWorker::slot).containsExactly(2);
		this.cluster.crash(second, 143);
		this.cluster.readyAll();
		assertThat(this.cluster.readyCount()).isEqualTo(4);
		assertThat(this.cluster.forked()).hasSize(5);
	}

	@Test
	void workersThatHearBeforeTheMasterThatAllEndTakeWhatIsQueuedAndAreNotReplaced() {
		this.cluster.startAll();
		this.cluster.send(this.cluster.worker(1), new Frame.Draining());
		this.cluster.send(this.cluster.worker(2), new Frame.Draining());
		this.cluster.crash(this.cluster.worker(3), 143);
		this.cluster.listeners().keepOpen();
		CompletableFuture<Void> stopped = this.cluster.stop();
		this.cluster.send(this.cluster.worker(4), new Frame.Draining());
		assertThat(this.cluster.listeners().admitted()).containsExactlyInAnyOrder(1, 2, 4);
		assertThat(this.cluster.worker(1).connection().sent(Frame.Drain.class)).isEmpty();
		this.cluster.listeners().end();
		this.cluster.run();
		assertThat(List.of(1, 2, 4))
			.allSatisfy((id) -> assertThat(this.cluster.worker(id).connection().sent(Frame.Drain.class)).hasSize(1));
		this.cluster.alive().forEach((worker) -> this.cluster.crash(worker, 143));
		this.cluster.advance(WorkerHandle.SIGNAL_SPREAD);
		assertThat(stopped).isCompleted();
		assertThat(this.cluster.forked()).hasSize(4);
		assertThat(this.cluster.events(WorkerExitedEvent.class)).hasSize(4)
			.allSatisfy((event) -> assertThat(event.getExit().voluntary()).isTrue());
	}

	@Test
	void workersThatASignalEndsWhileTheyStartDoNotFailTheStartIfTheMasterEndsToo() {
		this.cluster.start();
		this.cluster.crash(this.cluster.worker(1), 143);
		CompletableFuture<Void> stopped = this.cluster.stop();
		this.cluster.advance(WorkerHandle.SIGNAL_SPREAD);
		assertThat(stopped).isCompleted();
		assertThat(this.cluster.started()).isNotDone();
		assertThat(this.cluster.events(WorkerExitedEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.getExit().voluntary()).isTrue());
	}

	@Test
	void workerThatASignalFromOutsideEndsWithoutAWordIsReplacedAMomentLater() {
		this.cluster.startAll();
		this.cluster.crash(this.cluster.worker(2), 143);
		assertThat(this.cluster.starting()).isEmpty();
		this.cluster.advance(WorkerHandle.SIGNAL_SPREAD);
		assertThat(this.cluster.starting()).extracting(FakeWorker::slot).containsExactly(2);
	}

	@Test
	void workerThatEndsItselfSoonAfterItWasReadyHasDiedEarly() {
		this.cluster.start().readyAll();
		for (int i = 0; i < 3; i++) {
			FakeWorker worker = this.cluster.forked().get(this.cluster.forked().size() - 1);
			this.cluster.send(worker, new Frame.Draining());
			this.cluster.crash(worker, 0);
			this.cluster.advance(Duration.ofSeconds(10));
			this.cluster.readyAll();
			assertThat(this.cluster.status().slots().get(worker.slot() - 1).earlyDeaths()).isEqualTo(i + 1);
		}
	}

	@Test
	void workerThatASignalEndsSoonAfterItWasReadyHasNotDiedEarly() {
		this.cluster.start().readyAll();
		FakeWorker worker = this.cluster.worker(2);
		this.cluster.send(worker, new Frame.Draining());
		this.cluster.advance(WorkerHandle.SIGNAL_SPREAD);
		this.cluster.crash(worker, 143);
		assertThat(this.cluster.status().slots().get(1).earlyDeaths()).isZero();
	}

	@Test
	void healthyWorkerThatLeavesForgetsTheEarlyDeathsBeforeIt() {
		this.cluster.startAll();
		this.cluster.crash(this.cluster.worker(2), 1);
		FakeWorker early = this.cluster.forked().get(this.cluster.forked().size() - 1);
		this.cluster.crash(early, 1);
		assertThat(this.cluster.status().slots().get(1).earlyDeaths()).isOne();
		this.cluster.advance(Duration.ofSeconds(10));
		this.cluster.readyAll();
		this.cluster.advance(TestCluster.HEALTHY_AFTER);
		FakeWorker healthy = this.cluster.forked().get(this.cluster.forked().size() - 1);
		this.cluster.send(healthy, new Frame.Draining());
		this.cluster.advance(WorkerHandle.SIGNAL_SPREAD);
		this.cluster.crash(healthy, 143);
		assertThat(this.cluster.status().slots().get(1).earlyDeaths()).isZero();
	}

	@Test
	void workerThatIsNotReadyInTimeIsTerminatedThenKilledThenReplacedLater() {
		this.cluster.startAll();
		this.cluster.crash(this.cluster.worker(2), 1);
		FakeWorker slow = this.cluster.worker(5);
		this.cluster.online(slow);
		this.cluster.advance(TestCluster.START_TIMEOUT.minusNanos(1));
		assertThat(slow.signals()).isEmpty();
		this.cluster.advance(Duration.ofNanos(1));
		assertThat(slow.signals()).containsExactly("TERM");
		this.cluster.advance(TestCluster.GRACE);
		assertThat(slow.signals()).containsExactly("TERM", "KILL");
		assertThat(this.cluster.starting()).isEmpty();
		this.cluster.crash(slow, 137);
		assertReplacedAfter(Duration.ofSeconds(1));
	}

	@Test
	void readinessThatComesTooLateIsNoReadiness() {
		this.cluster.startAll();
		this.cluster.crash(this.cluster.worker(2), 1);
		FakeWorker slow = this.cluster.worker(5);
		this.cluster.online(slow);
		this.cluster.advance(TestCluster.START_TIMEOUT);
		this.cluster.ready(slow);
		assertThat(this.cluster.state(slow)).isEqualTo(WorkerState.DRAINING);
		assertThat(this.cluster.listeners().admitted()).doesNotContain(slow.id());
	}

	@Test
	void workerThatLostItsConnectionIsPressedAndReplacedOnceItHasEnded() {
		this.cluster.startAll();
		FakeWorker second = this.cluster.worker(2);
		this.cluster.disconnect(second);
		assertThat(second.signals()).isEmpty();
		this.cluster.advance(TestCluster.DRAIN_TIMEOUT.plus(TestCluster.GRACE));
		assertThat(second.signals()).containsExactly("TERM");
		this.cluster.advance(TestCluster.GRACE);
		assertThat(second.signals()).containsExactly("TERM", "KILL");
		this.cluster.exit(second, 137);
		assertThat(this.cluster.starting()).extracting(FakeWorker::slot).containsExactly(2);
	}

	@Test
	void stopDrainsAllWorkersAndThenCompletes() {
		this.cluster.startAll();
		CompletableFuture<Void> stopped = this.cluster.stop();
		assertThat(this.cluster.listeners().calls()).containsSubsequence("close", "withhold 1", "withhold 4");
		for (FakeWorker worker : this.cluster.alive()) {
			assertThat(worker.connection().sent(Frame.Drain.class))
				.containsExactly(new Frame.Drain(TestCluster.DRAIN_TIMEOUT.toMillis()));
			assertThat(stopped).isNotDone();
			this.cluster.send(worker, new Frame.Draining());
			this.cluster.crash(worker, 0);
		}
		assertThat(stopped).isCompleted();
		assertThat(this.cluster.forked()).hasSize(4);
		this.cluster.advance(LONG);
		assertThat(this.cluster.thread().pendingTimers()).isZero();
		assertThat(this.cluster.events(WorkerExitedEvent.class)).hasSize(4)
			.allMatch((event) -> event.getExit().voluntary());
	}

	@Test
	void stopTwiceDrainsOnce() {
		this.cluster.startAll();
		this.cluster.stop();
		CompletableFuture<Void> again = this.cluster.stop();
		assertThat(this.cluster.worker(1).connection().sent(Frame.Drain.class)).hasSize(1);
		this.cluster.obey();
		assertThat(again).isCompleted();
	}

	@Test
	void workerThatOutstaysItsDrainIsTerminatedThenKilled() {
		this.cluster.startAll();
		FakeWorker stubborn = this.cluster.worker(1);
		this.cluster.stop();
		this.cluster.advance(TestCluster.DRAIN_TIMEOUT.plus(TestCluster.GRACE).minusNanos(1));
		assertThat(stubborn.signals()).isEmpty();
		this.cluster.advance(Duration.ofNanos(1));
		assertThat(stubborn.signals()).containsExactly("TERM");
		this.cluster.advance(TestCluster.GRACE);
		assertThat(stubborn.signals()).containsExactly("TERM", "KILL");
		this.cluster.advance(TestCluster.GRACE);
		assertThat(stubborn.signals()).containsExactly("TERM", "KILL", "KILL");
	}

	@Test
	void stopWhileStartingTerminatesAWorkerThatCannotBeTold() {
		this.cluster.start();
		FakeWorker first = this.cluster.worker(1);
		CompletableFuture<Void> stopped = this.cluster.stop();
		assertThat(first.signals()).containsExactly("TERM");
		this.cluster.exit(first, 143);
		assertThat(stopped).isCompleted();
		assertThat(this.cluster.forked()).hasSize(1);
	}

	@Test
	void stopWhileStartingTellsAWorkerThatIsOnline() {
		this.cluster.start();
		FakeWorker first = this.cluster.worker(1);
		this.cluster.online(first);
		CompletableFuture<Void> stopped = this.cluster.stop();
		assertThat(first.signals()).isEmpty();
		assertThat(first.connection().sent(Frame.Drain.class)).hasSize(1);
		this.cluster.ready(first);
		assertThat(this.cluster.state(first)).isEqualTo(WorkerState.DRAINING);
		this.cluster.crash(first, 0);
		assertThat(stopped).isCompleted();
	}

	@Test
	void stopWhileStartingWaitsForNoConnections() {
		this.cluster.start();
		FakeWorker first = this.cluster.worker(1);
		this.cluster.online(first);
		CompletableFuture<Void> stopped = this.cluster.stop();
		this.cluster.advance(TestCluster.GRACE);
		this.cluster.advance(TestCluster.GRACE);
		assertThat(first.signals()).containsExactly("TERM", "KILL");
		this.cluster.crash(first, 137);
		assertThat(stopped).isCompleted();
	}

	@Test
	void helloOfAWorkerThatIsToLeaveIsRefusedForThatReason() {
		this.cluster.start();
		FakeWorker first = this.cluster.worker(1);
		this.cluster.stop();
		this.cluster.online(first);
		assertThat(first.connection().sent()).singleElement()
			.isInstanceOfSatisfying(Frame.Refused.class,
					(refused) -> assertThat(refused.reason()).doesNotContain("did not fork"));
		assertThat(first.connection().isOpen()).isFalse();
	}

	@Test
	void workerThatDiesWhileTheClusterStopsIsNotReplaced() {
		this.cluster.startAll();
		CompletableFuture<Void> stopped = this.cluster.stop();
		this.cluster.alive().forEach((worker) -> this.cluster.crash(worker, 137));
		this.cluster.advance(LONG);
		assertThat(stopped).isCompleted();
		assertThat(this.cluster.forked()).hasSize(4);
	}

	@Test
	void killEndsAllWorkersAtOnceAndForGood() {
		this.cluster.startAll();
		CompletableFuture<Void> killed = this.cluster.supervisor().kill().toCompletableFuture();
		this.cluster.run();
		assertThat(killed).isCompleted();
		assertThat(this.cluster.alive()).hasSize(4)
			.allSatisfy((worker) -> assertThat(worker.signals()).containsExactly("KILL"));
		this.cluster.alive().forEach((worker) -> this.cluster.crash(worker, 137));
		this.cluster.advance(LONG);
		assertThat(this.cluster.forked()).hasSize(4);
		assertThat(this.cluster.stop()).isCompleted();
	}

	@Test
	void serversThatAWorkerOpensAndClosesWhileItServesAreToldAndChangeNothingElse() {
		this.cluster = TestCluster.of(1).start();
		FakeWorker first = this.cluster.worker(1);
		this.cluster.readyAll();
		this.cluster.send(first, new Frame.Listen(7, "/run/app.sock", 0, 0, 128));
		this.cluster.listeners().unanswered().get(0).accept(new Frame.Listening(7, 2, "/run/app.sock", -1));
		this.cluster.run();
		assertThat(this.cluster.events(WorkerListeningEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getAddress()).isEqualTo("/run/app.sock");
			assertThat(event.getPort()).isEqualTo(-1);
			assertThat(event.getWorker().state()).isEqualTo(WorkerState.READY);
		});
		this.cluster.send(first, new Frame.Unlisten(2));
		assertThat(this.cluster.listeners().calls()).contains("unlisten 2 of 1");
		assertThat(this.cluster.readyCount()).isOne();
		assertThat(first.connection().isOpen()).isTrue();
	}

	@Test
	void lateFramesOfADepartedWorkerAreHarmless() {
		this.cluster.startAll();
		FakeWorker gone = this.cluster.worker(2);
		this.cluster.send(gone, new Frame.Listen(1, "127.0.0.1", 8081, 0, 128));
		this.cluster.crash(gone, 137);
		this.cluster.readyAll();
		this.cluster.listeners().unanswered().get(0).accept(new Frame.Listening(1, 1, "127.0.0.1", 8081));
		this.cluster.send(gone, TestFrames.READY);
		this.cluster.send(gone, new Frame.Draining());
		this.cluster.send(gone, new Frame.Request(2, new Operation.Restart(null, false)));
		this.cluster.disconnect(gone);
		assertThat(gone.connection().isOpen()).isFalse();
		assertThat(this.cluster.readyCount()).isEqualTo(4);
		assertThat(this.cluster.alive()).hasSize(4);
		assertThat(this.cluster.status().restart()).isNull();
		assertThat(this.cluster.events(WorkerEvent.class).stream().filter((event) -> event.getWorker().id() == 2))
			.last()
			.isInstanceOf(WorkerExitedEvent.class);
	}

	@Test
	void helloOfADepartedWorkerIsRefused() {
		this.cluster.startAll();
		FakeWorker gone = this.cluster.worker(2);
		this.cluster.crash(gone, 137);
		this.cluster.online(gone);
		assertThat(gone.connection().sent(Frame.Refused.class)).hasSize(1);
		assertThat(gone.connection().isOpen()).isFalse();
	}

	@Test
	void processThatTheMasterDidNotForkIsRefused() {
		this.cluster.start();
		FakeWorker stranger = new FakeWorker(2, ClusterWorker.DEFAULT_GROUP, 1, 1, Map.of());
		this.cluster.hello(stranger, new Frame.Hello(1, 1001, Frame.Hello.PROTOCOL, "test"));
		assertThat(stranger.connection().sent()).singleElement()
			.isInstanceOfSatisfying(Frame.Refused.class,
					(refused) -> assertThat(refused.reason()).contains("worker 1", "pid 1002"));
		assertThat(stranger.connection().isOpen()).isFalse();
		assertThat(this.cluster.state(this.cluster.worker(1))).isEqualTo(WorkerState.FORKED);
	}

	@Test
	void secondHelloOnTheSameConnectionEndsIt() {
		this.cluster.startAll();
		FakeWorker first = this.cluster.worker(1);
		this.cluster.online(first);
		assertThat(first.connection().isOpen()).isFalse();
		assertThat(this.cluster.state(first)).isEqualTo(WorkerState.READY);
	}

	@Test
	void workerThatSpeaksAnotherProtocolIsToldSoAndEndsTheStart() {
		this.cluster.start();
		FakeWorker first = this.cluster.worker(1);
		this.cluster.hello(first, new Frame.Hello(1, first.pid(), Frame.Hello.PROTOCOL + 1, "9.9"));
		assertThat(first.connection().sent(Frame.Refused.class)).hasSize(1);
		assertThat(first.signals()).containsExactly("TERM");
		this.cluster.exit(first, 1);
		assertStartFailed(
				"exited with code 1 (its starter 9.9 speaks protocol %d, the master's speaks %d: start the master anew)"
					.formatted(Frame.Hello.PROTOCOL + 1, Frame.Hello.PROTOCOL));
	}

	@Test
	void readinessIsHeardOnce() {
		this.cluster.startAll();
		this.cluster.send(this.cluster.worker(1), TestFrames.READY);
		assertThat(this.cluster.events(WorkerReadyEvent.class)).hasSize(4);
	}

	@Test
	void timersDoNotPileUp() {
		this.cluster.startAll();
		this.cluster.crash(this.cluster.worker(2), 1);
		this.cluster.readyAll();
		this.cluster.crash(this.cluster.worker(5), 1);
		for (int i = 0; i < 1000; i++) {
			this.cluster.send(this.cluster.worker(1), TestFrames.READY);
			this.cluster.thread().wake();
		}
		assertThat(this.cluster.thread().pendingTimers()).as("the next turn and the status").isLessThanOrEqualTo(2);
	}

	@Test
	void workersAreToldOfChangesGathered() {
		this.cluster.startAll();
		FakeWorker first = this.cluster.worker(1);
		int before = first.connection().sent(Frame.Status.class).size();
		this.cluster.crash(this.cluster.worker(2), 1);
		this.cluster.crash(this.cluster.worker(3), 1);
		assertThat(first.connection().sent(Frame.Status.class)).hasSize(before);
		this.cluster.advance(Duration.ofMillis(20));
		List<Frame.Status> told = first.connection().sent(Frame.Status.class);
		assertThat(told).hasSize(before + 1);
		assertThat(told.get(before).status()).isEqualTo(this.cluster.status());
	}

}
