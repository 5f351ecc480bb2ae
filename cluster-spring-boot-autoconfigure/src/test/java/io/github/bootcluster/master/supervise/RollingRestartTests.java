package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.event.ClusterEvent;
import io.github.bootcluster.event.RollingRestartAbortedEvent;
import io.github.bootcluster.event.RollingRestartCompletedEvent;
import io.github.bootcluster.event.RollingRestartEvent;
import io.github.bootcluster.event.RollingRestartProgressedEvent;
import io.github.bootcluster.event.RollingRestartStartedEvent;
import io.github.bootcluster.event.WorkerRespawnSuppressedEvent;
import io.github.bootcluster.wire.Failure;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.Operation;
import io.github.bootcluster.wire.TestFrames;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of the rolling restart, with fake workers and a clock that is turned by hand.
 */
class RollingRestartTests {

	private TestCluster cluster = TestCluster.of(3);

	@AfterEach
	void close() {
		this.cluster.close();
	}

	@Test
	void newWorkerIsReadyBeforeItsOldOneIsDrained() {
		this.cluster.startAll();
		this.cluster.restart();
		FakeWorker old = this.cluster.worker(1);
		FakeWorker replacement = this.cluster.worker(4);
		assertThat(replacement.slot()).isEqualTo(1);
		assertThat(replacement.generation()).isEqualTo(2);
		this.cluster.online(replacement);
		assertThat(this.cluster.state(old)).isEqualTo(WorkerState.READY);
		this.cluster.ready(replacement);
		assertThat(this.cluster.state(old)).isEqualTo(WorkerState.DRAINING);
		assertThat(old.connection().sent(Frame.Drain.class)).hasSize(1);
		assertThat(this.cluster.starting()).as("until the old one has gone").isEmpty();
		this.cluster.crash(old, 0);
		assertThat(this.cluster.starting()).extracting(FakeWorker::slot).containsExactly(2);
	}

	@Test
	void nextWorkerIsReplacedWhileOthersDrainUpToABound() {
		this.cluster = TestCluster.restarting(4, false, 2).startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.ready(this.cluster.worker(5));
		assertThat(this.cluster.draining()).extracting(FakeWorker::id).containsExactly(1);
		this.cluster.ready(this.cluster.worker(6));
		assertThat(this.cluster.draining()).extracting(FakeWorker::id).containsExactly(1, 2);
		assertThat(this.cluster.starting()).as("until one has gone").isEmpty();
		this.cluster.crash(this.cluster.worker(2), 0);
		assertThat(this.cluster.starting()).extracting(FakeWorker::slot).containsExactly(3);
		assertThat(finish(restart).state()).isEqualTo(RestartState.COMPLETED);
		assertThat(this.cluster.fewestReady()).isEqualTo(4);
		assertThat(this.cluster.mostProcesses()).isLessThanOrEqualTo(6);
	}

	@Test
	void restartThatOnlyWaitsForWhatDrainsIsCompleteWhenItsTimeIsUp() {
		this.cluster = TestCluster.restarting(2, false, 2).startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.ready(this.cluster.worker(3));
		this.cluster.ready(this.cluster.worker(4));
		assertThat(this.cluster.draining()).hasSize(2);
		this.cluster.thread().lag(TestCluster.RESTART_TIMEOUT);
		this.cluster.advance(Duration.ofSeconds(1));
		assertThat(restart.completion().toCompletableFuture()).isCompletedWithValueMatching(
				(status) -> status.state() == RestartState.COMPLETED && status.replaced() == 2);
	}

	@Test
	void slotsThatAreExclusiveNeverHaveTwoWorkers() {
		this.cluster = TestCluster.restarting(3, true, 0).startAll();
		RollingRestart restart = this.cluster.restart();
		for (int slot = 1; slot <= 3; slot++) {
			FakeWorker old = this.cluster.worker(slot);
			assertThat(this.cluster.draining()).containsExactly(old);
			assertThat(this.cluster.starting()).as("until the old one has ended").isEmpty();
			this.cluster.crash(old, 0);
			assertThat(this.cluster.starting()).extracting(FakeWorker::slot).containsExactly(slot);
			this.cluster.ready(this.cluster.worker(3 + slot));
		}
		assertThat(restart.completion().toCompletableFuture())
			.isCompletedWithValueMatching((status) -> status.state() == RestartState.COMPLETED);
		assertServing(2, 2, 2);
	}

	@Test
	void workerInWhichSomebodyWaitsIsReplacedAfterTheRestartWhereSlotsAreExclusive() {
		this.cluster = TestCluster.restarting(2, true, 0).startAll();
		FakeWorker waiter = this.cluster.worker(1);
		this.cluster.send(waiter, new Frame.Request(7, new Operation.Restart(null, true)));
		this.cluster.crash(this.cluster.worker(2), 0);
		this.cluster.ready(this.cluster.worker(3));
		assertThat(this.cluster.state(waiter)).isEqualTo(WorkerState.DRAINING);
		assertThat(this.cluster.status().restart()).extracting(RestartStatus::state).isEqualTo(RestartState.COMPLETED);
		assertThat(this.cluster.starting()).as("until it has ended").isEmpty();
		this.cluster.crash(waiter, 0);
		assertThat(this.cluster.starting()).extracting(FakeWorker::slot, FakeWorker::generation)
			.containsExactly(Tuple.tuple(1, 2));
	}

	@Test
	void workerThatLeavesAnExclusiveSlotByItselfIsReplacedOnceItHasEnded() {
		this.cluster = TestCluster.restarting(2, true, 0).startAll();
		FakeWorker leaving = this.cluster.worker(1);
		this.cluster.send(leaving, new Frame.Draining());
		this.cluster.advance(Duration.ofSeconds(5));
		assertThat(this.cluster.starting()).isEmpty();
		this.cluster.crash(leaving, 0);
		this.cluster.advance(Duration.ofSeconds(30));
		assertThat(this.cluster.starting()).extracting(FakeWorker::slot).containsExactly(1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2, 3, 5 })
	void workersAreReplacedWithoutEverBeingFewerThanWanted(int surge) {
		this.cluster = new TestCluster(3, surge, 2, 10).startAll();
		RestartStatus end = finish(this.cluster.restart());
		assertThat(end.state()).isEqualTo(RestartState.COMPLETED);
		assertThat(end.replaced()).isEqualTo(3);
		assertThat(this.cluster.fewestReady()).isEqualTo(3);
		assertThat(this.cluster.mostProcesses()).isLessThanOrEqualTo(3 + surge);
		assertServing(2, 2, 2);
	}

	@Test
	void withoutSurgeWorkersAreReplacedOneByOneWithNoProcessMore() {
		this.cluster = new TestCluster(3, 0, 2, 10).startAll();
		RestartStatus end = finish(this.cluster.restart());
		assertThat(end.state()).isEqualTo(RestartState.COMPLETED);
		assertThat(this.cluster.fewestReady()).isEqualTo(2);
		assertThat(this.cluster.mostProcesses()).isEqualTo(3);
		assertServing(2, 2, 2);
	}

	@Test
	void eventsTellTheRestartFromItsBeginningToItsEnd() {
		this.cluster.startAll();
		RollingRestart restart = this.cluster.restart();
		finish(restart);
		assertThat(restartEvents()).containsExactly(RollingRestartStartedEvent.class,
				RollingRestartProgressedEvent.class, RollingRestartProgressedEvent.class,
				RollingRestartProgressedEvent.class, RollingRestartCompletedEvent.class);
		assertThat(this.cluster.events(RollingRestartEvent.class)).extracting(RollingRestartEvent::getRestart)
			.allSatisfy((status) -> assertThat(status.id()).isEqualTo(restart.id()))
			.extracting(RestartStatus::replaced)
			.containsExactly(0, 1, 2, 3, 3);
	}

	@Test
	void listenersThatTheNewGenerationDoesWithoutAreClosedAtTheEnd() {
		this.cluster.startAll();
		RollingRestart restart = this.cluster.restart();
		assertThat(this.cluster.listeners().calls()).doesNotContain("close unused");
		finish(restart);
		assertThat(this.cluster.listeners().calls()).contains("close unused");
		assertThat(this.cluster.listeners().staying()).as("the new workers").containsExactlyInAnyOrder(4, 5, 6);
	}

	@Test
	void timersAreGoneWithTheRestart() {
		this.cluster.startAll();
		finish(this.cluster.restart());
		this.cluster.advance(Duration.ofMillis(20));
		assertThat(this.cluster.thread().pendingTimers()).isZero();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void newGenerationThatDiesLeavesTheOldOneWhole(int surge) {
		this.cluster = new TestCluster(3, surge, 2, 10).startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.obey();
		FakeWorker broken = this.cluster.starting().get(0);
		this.cluster.online(broken);
		broken.say("No such bean");
		this.cluster.crash(broken, 1);
		RestartStatus end = restart.completion().toCompletableFuture().join();
		assertThat(end.state()).isEqualTo(RestartState.ABORTED);
		assertThat(end.reason()).isEqualTo("worker %d exited with code 1", broken.id());
		assertThat(end.lastLines()).containsExactly("No such bean");
		settle();
		assertServing(1, 1, 1);
		assertThat(this.cluster.status().generation()).isEqualTo(1);
		assertThat(restartEvents()).containsExactly(RollingRestartStartedEvent.class, RollingRestartAbortedEvent.class);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void newGenerationThatCannotBeForkedLeavesTheOldOneWhole(int surge) {
		this.cluster = new TestCluster(3, surge, 2, 10).startAll();
		if (surge > 0) {
			this.cluster.failForks("no memory");
		}
		RollingRestart restart = this.cluster.restart();
		this.cluster.failForks("no memory");
		this.cluster.obey();
		RestartStatus end = restart.completion().toCompletableFuture().join();
		assertThat(end.state()).isEqualTo(RestartState.ABORTED);
		assertThat(end.reason()).contains("could not be forked: no memory");
		this.cluster.failForks(null);
		this.cluster.advance(Duration.ofSeconds(2));
		settle();
		assertServing(1, 1, 1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void newGenerationThatIsNotReadyInTimeLeavesTheOldOneWhole(int surge) {
		this.cluster = new TestCluster(3, surge, 2, 10).startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.obey();
		List<FakeWorker> slow = this.cluster.starting();
		this.cluster.advance(TestCluster.START_TIMEOUT);
		assertThat(slow).isNotEmpty().allSatisfy((worker) -> assertThat(worker.signals()).contains("TERM"));
		slow.forEach((worker) -> this.cluster.crash(worker, 143));
		RestartStatus end = restart.completion().toCompletableFuture().join();
		assertThat(end.state()).isEqualTo(RestartState.ABORTED);
		assertThat(end.reason()).contains("it was not ready within 60 s");
		settle();
		assertServing(1, 1, 1);
	}

	@Test
	void workersThatWentWithAnAbortedRestartDoNotCountAsDead() {
		this.cluster = new TestCluster(3, 2, 2, 1).startAll();
		this.cluster.restart();
		List<FakeWorker> started = this.cluster.starting();
		assertThat(started).hasSize(2);
		this.cluster.crash(started.get(0), 1);
		assertThat(started.get(1).signals()).containsExactly("TERM");
		this.cluster.crash(started.get(1), 143);
		settle();
		assertServing(1, 1, 1);
		assertThat(this.cluster.events(WorkerRespawnSuppressedEvent.class)).isEmpty();
	}

	@Test
	void restartWhoseTimeIsUpIsAborted() {
		this.cluster.startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.ready(this.cluster.worker(4));
		Duration limit = TestCluster.RESTART_TIMEOUT.multipliedBy(2);
		for (Duration passed = Duration.ZERO; passed.compareTo(limit) < 0; passed = passed.plusSeconds(10)) {
			assertThat(restart.status().state()).isEqualTo(RestartState.RUNNING);
			this.cluster.advance(Duration.ofSeconds(10));
		}
		RestartStatus end = restart.completion().toCompletableFuture().join();
		assertThat(end.state()).isEqualTo(RestartState.ABORTED);
		assertThat(end.reason())
			.isEqualTo("it was not done within 300 s; group default is rolled back to generation 1");
		settle();
		assertServing(1, 1, 1);
	}

	@Test
	void restartWhoseTimeIsUpIsFinishedIfItHasReplacedSomeWorkersAlready() {
		this.cluster.startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.ready(this.cluster.worker(4));
		this.cluster.thread().lag(TestCluster.RESTART_TIMEOUT);
		this.cluster.advance(Duration.ofSeconds(1));
		assertThat(restart.status().state()).isEqualTo(RestartState.RUNNING);
		assertThat(finish(restart).state()).isEqualTo(RestartState.COMPLETED);
		assertServing(2, 2, 2);
	}

	@Test
	void restartWhoseTimeIsUpBeginsNoFurtherGroup() {
		this.cluster = TestCluster.grouped(2, 1, Duration.ZERO, new WorkerGroup("jobs", 1)).startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.ready(this.cluster.starting().get(0));
		this.cluster.thread().lag(TestCluster.RESTART_TIMEOUT);
		this.cluster.advance(Duration.ofSeconds(1));
		RestartStatus end = finish(restart);
		assertThat(end.state()).isEqualTo(RestartState.ABORTED);
		assertThat(end.reason())
			.isEqualTo("it was not done within 300 s; group default is rolled back to generation 1");
		settle();
		assertThat(this.cluster.alive("jobs")).extracting(FakeWorker::generation).containsExactly(1);
		assertThat(this.cluster.alive("default")).extracting(FakeWorker::generation).containsExactly(1, 1);
	}

	@Test
	void noSlotKeepsTwoWorkersWhenTheTimeIsUpAsTheNewOneBecomesReady() {
		this.cluster.startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.thread().lag(TestCluster.START_TIMEOUT.minusSeconds(1));
		for (int i = 0; i < 2; i++) {
			this.cluster.ready(this.cluster.starting().get(0));
			this.cluster.obey();
			this.cluster.thread().lag(TestCluster.START_TIMEOUT.minusSeconds(1));
		}
		FakeWorker last = this.cluster.starting().get(0);
		this.cluster.online(last);
		this.cluster.thread().lag(TestCluster.RESTART_TIMEOUT);
		this.cluster.frames().received(last.connection().connection(), TestFrames.READY);
		this.cluster.run();
		settle();
		assertThat(restart.status().state()).isNotEqualTo(RestartState.RUNNING);
		assertThat(this.cluster.alive()).hasSize(3);
		assertThat(this.cluster.readyCount()).isEqualTo(3);
	}

	@Test
	void oldWorkerThatDiesDuringTheRestartIsReplaced() {
		this.cluster.startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.crash(this.cluster.worker(3), 137);
		assertThat(finish(restart).state()).isEqualTo(RestartState.COMPLETED);
		assertServing(2, 2, 2);
		assertThat(this.cluster.mostProcesses()).isLessThanOrEqualTo(4);
	}

	@Test
	void newWorkerThatDiesAfterItWasReadyIsReplacedAndTheRestartGoesOn() {
		this.cluster.startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.ready(this.cluster.worker(4));
		this.cluster.obey();
		this.cluster.crash(this.cluster.worker(4), 137);
		this.cluster.advance(Duration.ofSeconds(1));
		assertThat(finish(restart).state()).isEqualTo(RestartState.COMPLETED);
		assertServing(2, 2, 2);
	}

	@Test
	void workersThatSomebodyElseEndsDuringTheRestartDoNotAddProcesses() {
		this.cluster.startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.send(this.cluster.worker(2), new Frame.Draining());
		this.cluster.send(this.cluster.worker(3), new Frame.Draining());
		assertThat(this.cluster.mostProcesses()).isLessThanOrEqualTo(4);
		assertThat(finish(restart).state()).isEqualTo(RestartState.COMPLETED);
		assertThat(this.cluster.mostProcesses()).isLessThanOrEqualTo(4);
		assertServing(2, 2, 2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void slotThatWasGivenUpIsTakenUpAgain(int surge) {
		this.cluster = new TestCluster(2, surge, 2, 1).startAll();
		this.cluster.crash(this.cluster.worker(2), 1);
		this.cluster.crash(this.cluster.worker(3), 1);
		this.cluster.advance(Duration.ofHours(1));
		assertThat(this.cluster.alive()).hasSize(1);
		assertThat(finish(this.cluster.restart()).state()).isEqualTo(RestartState.COMPLETED);
		assertServing(2, 2);
	}

	@Test
	void withoutSurgeAnEmptySlotIsFilledBeforeAnotherIsEmptied() {
		this.cluster = new TestCluster(2, 0, 2, 1).startAll();
		this.cluster.crash(this.cluster.worker(2), 1);
		this.cluster.crash(this.cluster.worker(3), 1);
		RollingRestart restart = this.cluster.restart();
		assertThat(this.cluster.state(this.cluster.worker(1))).isEqualTo(WorkerState.READY);
		assertThat(this.cluster.starting()).extracting(FakeWorker::slot).containsExactly(2);
		assertThat(finish(restart).state()).isEqualTo(RestartState.COMPLETED);
	}

	@Test
	void secondRestartIsRefusedWhileOneRuns() {
		this.cluster.startAll();
		RollingRestart running = this.cluster.restart();
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> this.cluster.restart())
			.havingCause()
			.isInstanceOfSatisfying(RestartInProgressException.class,
					(ex) -> assertThat(ex.getRunningId()).isEqualTo(running.id()));
		finish(running);
		RollingRestart next = this.cluster.restart();
		assertThat(next.id()).isNotEqualTo(running.id());
		assertThat(finish(next).generation()).isEqualTo(3);
	}

	@Test
	void generationOfAnAbortedRestartIsNotUsedAgain() {
		this.cluster.startAll();
		this.cluster.restart();
		this.cluster.crash(this.cluster.worker(4), 1);
		assertThat(finish(this.cluster.restart()).generation()).isEqualTo(3);
		assertServing(3, 3, 3);
	}

	@Test
	void clusterThatStartsOrStopsIsNotRestarted() {
		this.cluster.start();
		assertUnavailable(this.cluster::restart);
		this.cluster.readyAll();
		this.cluster.stop();
		assertUnavailable(this.cluster::restart);
	}

	private void assertUnavailable(Supplier<?> restart) {
		assertThatExceptionOfType(CompletionException.class).isThrownBy(restart::get)
			.withCauseInstanceOf(ClusterUnavailableException.class);
	}

	@Test
	void workerMayAskForARestartAndIsAnswered() {
		FakeWorker first = this.cluster.startAll().worker(1);
		this.cluster.send(first, new Frame.Request(7, new Operation.Restart(null, false)));
		this.cluster.send(first, new Frame.Request(8, new Operation.Restart(null, false)));
		RestartStatus running = Objects.requireNonNull(this.cluster.status().restart());
		assertThat(first.connection().sent(Frame.Answer.class)).satisfiesExactly(
				(started) -> assertThat(started).isEqualTo(new Frame.Success(7, running)),
				(refused) -> assertThat(refused)
					.isEqualTo(new Frame.Failed(8, Failure.of(new RestartInProgressException(running.id())))));
	}

	@Test
	void workerThatAsksWhileTheClusterStartsIsToldThatItCannotBe() {
		this.cluster.start();
		FakeWorker first = this.cluster.worker(1);
		this.cluster.online(first);
		this.cluster.send(first, new Frame.Request(7, new Operation.Restart(null, false)));
		assertThat(first.connection().sent(Frame.Failed.class)).hasSize(1);
	}

	@Test
	void reasonThatKeepsARestartFromBeginningIsReported() {
		this.cluster = TestCluster.of(2).startAll();
		this.cluster.generations().breakDown(new IllegalStateException("a bug"));
		CompletionStage<RollingRestart> restart = this.cluster.cluster().restart();
		FakeWorker first = this.cluster.worker(1);
		this.cluster.send(first, new Frame.Request(7, new Operation.Restart(null, true)));
		assertThat(restart).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.withCauseInstanceOf(IllegalStateException.class)
			.withMessageContaining("a bug");
		assertThat(first.connection().sent(Frame.Failed.class))
			.containsExactly(new Frame.Failed(7, Failure.of(new ClusterUnavailableException("a bug"))));
		assertThat(this.cluster.status().restart()).extracting("state", "reason")
			.containsExactly(RestartState.ABORTED, "it failed: java.lang.IllegalStateException: a bug");
		this.cluster.generations().release();
		finish(this.cluster.restart());
		settle();
		assertServing(4, 4);
	}

	@Test
	void progressOfAnAwaitedRestartDoesNotGoBackWhenWorkersAreAdded() {
		this.cluster = new TestCluster(3, 3, 3, 10).startAll();
		this.cluster.send(this.cluster.worker(1), new Frame.Request(7, new Operation.Restart(null, true)));
		this.cluster.readyAll();
		assertThat(this.cluster.draining()).extracting(FakeWorker::id).containsExactly(2, 3);
		assertThat(this.cluster.status().restart()).extracting("replaced", "total").containsExactly(1, 3);
		this.cluster.scale(4);
		assertThat(this.cluster.status().restart()).extracting("replaced", "total").containsExactly(1, 4);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void stopDuringARestartAbortsItAndEndsAllWorkers(int surge) {
		this.cluster = new TestCluster(3, surge, 2, 10).startAll();
		RollingRestart restart = this.cluster.restart();
		CompletableFuture<Void> stopped = this.cluster.stop();
		RestartStatus end = restart.completion().toCompletableFuture().join();
		assertThat(end.state()).isEqualTo(RestartState.ABORTED);
		assertThat(end.reason()).isEqualTo("the cluster is shutting down");
		int forked = this.cluster.forked().size();
		this.cluster.obey();
		assertThat(stopped).isCompleted();
		assertThat(this.cluster.forked()).hasSize(forked);
	}

	/**
	 * Lets every worker do what it is told until the restart has ended.
	 * @param restart the restart
	 * @return its last status
	 */
	private RestartStatus finish(RollingRestart restart) {
		for (int step = 0; step < 100 && restart.status().state() == RestartState.RUNNING; step++) {
			this.cluster.starting().stream().findFirst().ifPresent(this.cluster::ready);
			if (step % 3 == 2) {
				this.cluster.obey();
			}
		}
		return restart.completion().toCompletableFuture().getNow(restart.status());
	}

	private void settle() {
		for (int step = 0; step < 10; step++) {
			this.cluster.obey();
			this.cluster.readyAll();
		}
	}

	private void assertServing(Integer... generations) {
		assertThat(this.cluster.alive()).as("no other process").hasSize(generations.length);
		assertThat(this.cluster.in(WorkerState.READY).stream().sorted((a, b) -> a.slot() - b.slot()))
			.extracting(FakeWorker::slot, FakeWorker::generation)
			.containsExactly(tuples(generations));
	}

	private static Tuple[] tuples(Integer... generations) {
		Tuple[] tuples = new Tuple[generations.length];
		for (int i = 0; i < tuples.length; i++) {
			tuples[i] = Tuple.tuple(i + 1, generations[i]);
		}
		return tuples;
	}

	private List<Class<?>> restartEvents() {
		return this.cluster.events()
			.filter(RollingRestartEvent.class::isInstance)
			.<Class<?>>map(ClusterEvent::getClass)
			.toList();
	}

}
