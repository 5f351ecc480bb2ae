package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.github.bootcluster.RestartAbortedException;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.event.RollingRestartAbortedEvent;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.Operation;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises on how a new generation comes to be: copied first, then tried on one worker.
 */
class CanaryTests {

	private static final Duration SOAK = Duration.ofSeconds(10);

	private TestCluster cluster = soaking(3, 1);

	@AfterEach
	void close() {
		this.cluster.close();
	}

	private static TestCluster soaking(int workers, int surge) {
		return new TestCluster(workers, surge, 2, 3, SOAK);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void nothingIsReplacedUntilTheFirstNewWorkerHasProvedItself(int surge) {
		this.cluster = soaking(3, surge).startAll();
		RollingRestart restart = this.cluster.restart();
		FakeWorker canary = canary();
		this.cluster.ready(canary);
		this.cluster.advance(SOAK.minusMillis(1));
		assertThat(this.cluster.forked()).hasSize(4);
		assertThat(this.cluster.readyCount()).as("the canary serves with the others").isEqualTo(4);
		assertThat(this.cluster.status().generation()).isEqualTo(1);
		this.cluster.advance(Duration.ofMillis(1));
		assertThat(this.cluster.status().generation()).isEqualTo(2);
		assertThat(this.cluster.draining()).extracting(FakeWorker::id).containsExactly(1);
		finish(restart);
		assertThat(restart.status().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(this.cluster.fewestReady()).isEqualTo(3);
	}

	@Test
	void withoutSurgeTheFirstNewWorkerIsTriedInAPlaceThatIsMadeForIt() {
		this.cluster = soaking(3, 0).startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.obey();
		this.cluster.ready(canary());
		this.cluster.advance(SOAK.minusMillis(1));
		assertThat(this.cluster.readyCount()).isEqualTo(3);
		assertThat(this.cluster.draining()).isEmpty();
		finish(restart);
		assertThat(restart.status().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(this.cluster.mostProcesses()).isEqualTo(3);
	}

	@Test
	void withoutSurgeAnOldWorkerThatDiesDuringTheTrialComesBackAsItWas() {
		this.cluster = soaking(3, 0).startAll();
		this.cluster.restart();
		this.cluster.obey();
		this.cluster.ready(canary());
		this.cluster.crash(this.cluster.worker(2), 1);
		assertThat(this.cluster.starting()).extracting(FakeWorker::slot, FakeWorker::generation)
			.containsExactly(Tuple.tuple(2, 1));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void canaryThatDiesLeavesTheOldGenerationWhole(int surge) {
		RollingRestart restart = beginTrial(surge);
		FakeWorker canary = canary();
		canary.say("out of memory");
		this.cluster.crash(canary, 3);
		assertAborted(restart, "worker 4 exited with code 3", "out of memory");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void canaryThatIsNotHealthyIsDrained(int surge) {
		RollingRestart restart = beginTrial(surge);
		FakeWorker canary = canary();
		assertThat(canary.connection().sent(Frame.CheckHealth.class)).hasSize(1);
		this.cluster.send(canary, new Frame.Health(true, ""));
		this.cluster.advance(Canary.INTERVAL);
		assertThat(canary.connection().sent(Frame.CheckHealth.class)).hasSize(2);
		canary.say("no connection");
		this.cluster.send(canary, new Frame.Health(false, "db: DOWN"));
		assertThat(this.cluster.state(canary)).isEqualTo(WorkerState.DRAINING);
		assertThat(canary.connection().sent(Frame.Drain.class)).hasSize(1);
		assertThat(canary.signals()).isEmpty();
		assertAborted(restart, "worker 4 is not healthy: db: DOWN", "no connection");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void canaryThatRefusesTrafficIsDrained(int surge) {
		RollingRestart restart = beginTrial(surge);
		vitals(canary(), 0, 0, false);
		this.cluster.advance(Canary.INTERVAL);
		assertThat(restart.status().state()).as("that may have been on its way before it was ready")
			.isEqualTo(RestartState.RUNNING);
		vitals(canary(), 0, 0, false);
		this.cluster.advance(Canary.INTERVAL);
		assertAborted(restart, "worker 4 accepts no more traffic, by its readiness state");
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void canaryThatFailsRequestsIsDrained(int surge) {
		RollingRestart restart = beginTrial(surge);
		vitals(canary(), 20, 1, true);
		this.cluster.advance(Canary.INTERVAL);
		assertThat(restart.status().state()).isEqualTo(RestartState.RUNNING);
		vitals(canary(), 40, 20, true);
		this.cluster.advance(Canary.INTERVAL);
		assertAborted(restart, "worker 4 answered 20 of 40 requests with errors, the old generation 0 of 0");
	}

	@Test
	void errorsFromBeforeTheTrialDoNotCount() {
		this.cluster.startAll();
		vitals(this.cluster.worker(2), 1000, 0, true);
		RollingRestart restart = this.cluster.restart();
		FakeWorker canary = canary();
		this.cluster.online(canary);
		vitals(canary, 50, 50, true);
		this.cluster.ready(canary);
		vitals(canary, 90, 80, true);
		vitals(this.cluster.worker(2), 1100, 50, true);
		this.cluster.advance(Canary.INTERVAL);
		assertThat(restart.status().state()).as("75 % of the new, 50 % of the old").isEqualTo(RestartState.RUNNING);
		vitals(this.cluster.worker(2), 1400, 50, true);
		this.cluster.advance(Canary.INTERVAL);
		assertThat(restart.status().reason())
			.isEqualTo("worker 4 answered 30 of 40 requests with errors, the old generation 50 of 400");
	}

	@Test
	void answersOfOthersSayNothingAboutTheCanary() {
		RollingRestart restart = beginTrial(1);
		this.cluster.send(this.cluster.worker(2), new Frame.Health(false, "db: DOWN"));
		vitals(this.cluster.worker(2), 100, 100, false);
		this.cluster.advance(SOAK);
		assertThat(this.cluster.status().generation()).isEqualTo(2);
		assertThat(finish(restart).state()).isEqualTo(RestartState.COMPLETED);
	}

	@Test
	void slotOfAFailedCanaryKeepsItsOldGeneration() {
		RollingRestart restart = beginTrial(1);
		this.cluster.crash(canary(), 1);
		assertThat(restart.status().state()).isEqualTo(RestartState.ABORTED);
		this.cluster.crash(this.cluster.worker(1), 1);
		this.cluster.advance(Duration.ofSeconds(1));
		assertThat(this.cluster.starting()).extracting(FakeWorker::generation).containsExactly(1);
		assertThat(this.cluster.generations().kept()).containsExactly(1);
	}

	@Test
	void restartAfterAnAbortedOneIsTriedAnew() {
		RollingRestart restart = beginTrial(1);
		this.cluster.send(canary(), new Frame.Health(false, "db: DOWN"));
		assertThat(restart.status().state()).isEqualTo(RestartState.ABORTED);
		this.cluster.obey();
		RollingRestart next = this.cluster.restart();
		assertThat(finish(next).state()).isEqualTo(RestartState.COMPLETED);
		assertThat(next.status().generation()).isEqualTo(3);
		settle();
		assertThat(this.cluster.generations().kept()).containsExactly(3);
	}

	@Test
	void canaryThatIsScaledAwayIsFollowedByAnother() {
		this.cluster = soaking(2, 1).startAll();
		// The first worker is awaited in, so that the second slot comes first
		this.cluster.send(this.cluster.worker(1), new Frame.Request(7, new Operation.Restart(null, true)));
		FakeWorker first = canary(3);
		assertThat(first.slot()).isEqualTo(2);
		this.cluster.ready(first);
		this.cluster.cluster().scale(1);
		this.cluster.advance(SOAK.multipliedBy(2));
		this.cluster.obey();
		assertThat(restartState()).isEqualTo(RestartState.RUNNING);
		for (int step = 0; step < 100 && restartState() == RestartState.RUNNING; step++) {
			this.cluster.starting().stream().findFirst().ifPresent(this.cluster::ready);
			this.cluster.advance(Duration.ofSeconds(1));
		}
		assertThat(restartState()).isEqualTo(RestartState.COMPLETED);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void stopDuringTheTrialEndsEverything(int surge) {
		RollingRestart restart = beginTrial(surge);
		CompletableFuture<Void> stopped = this.cluster.stop();
		assertThat(restart.status().reason()).isEqualTo("the cluster is shutting down");
		this.cluster.obey();
		assertThat(stopped).isCompleted();
		assertThat(this.cluster.alive()).isEmpty();
	}

	@Test
	void workersAreForkedWhenTheApplicationHasBeenCopied() {
		CompletableFuture<Void> copied = this.cluster.generations().hold();
		this.cluster.start();
		assertThat(this.cluster.forked()).isEmpty();
		copied.complete(null);
		this.cluster.run();
		assertThat(this.cluster.forked()).hasSize(1);
	}

	@Test
	void startEndsIfTheApplicationCannotBeCopied() {
		this.cluster.generations().hold().completeExceptionally(new IllegalStateException("no space"));
		this.cluster.start();
		assertThat(this.cluster.started()).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.withCauseInstanceOf(IllegalStateException.class);
		this.cluster.advance(Duration.ofHours(1));
		assertThat(this.cluster.forked()).isEmpty();
	}

	@Test
	void restartIsRefusedIfTheApplicationCannotBeCopied() {
		this.cluster.startAll();
		this.cluster.generations().hold().completeExceptionally(new IllegalStateException("no space"));
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> this.cluster.restart())
			.havingCause()
			.isInstanceOfSatisfying(RestartAbortedException.class, (ex) -> {
				assertThat(ex.getStatus().state()).isEqualTo(RestartState.ABORTED);
				assertThat(ex.getStatus().reason()).isEqualTo("no space");
			});
		assertThat(this.cluster.forked()).hasSize(3);
		this.cluster.generations().release();
		assertThat(finish(this.cluster.restart()).state()).isEqualTo(RestartState.COMPLETED);
		assertThat(this.cluster.events(RollingRestartAbortedEvent.class)).hasSize(1);
	}

	@Test
	void workerIsToldWhyTheApplicationCannotBeCopied() {
		FakeWorker first = this.cluster.startAll().worker(1);
		this.cluster.generations().hold().completeExceptionally(new IllegalStateException("no space"));
		this.cluster.send(first, new Frame.Request(7, new Operation.Restart(null, false)));
		assertThat(first.connection().sent(Frame.Failed.class)).singleElement()
			.satisfies((answer) -> assertThat(answer.failure().restart()).extracting("reason").isEqualTo("no space"));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void nothingHappensToWorkersWhileTheApplicationIsCopied(int surge) {
		this.cluster = soaking(2, surge).startAll();
		CompletableFuture<Void> copied = this.cluster.generations().hold();
		CompletableFuture<RollingRestart> begun = this.cluster.cluster().restart().toCompletableFuture();
		this.cluster.run();
		assertThat(this.cluster.readyCount()).isEqualTo(2);
		RestartStatus running = Objects.requireNonNull(this.cluster.status().restart());
		assertThat(running.state()).isEqualTo(RestartState.RUNNING);
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> this.cluster.restart())
			.havingCause()
			.isInstanceOfSatisfying(RestartInProgressException.class,
					(ex) -> assertThat(ex.getRunningId()).isEqualTo(running.id()));
		this.cluster.crash(this.cluster.worker(2), 137);
		assertThat(this.cluster.starting()).as("replaced as ever")
			.extracting(FakeWorker::generation)
			.containsExactly(1);
		this.cluster.readyAll();
		assertThat(begun).isNotDone();
		copied.complete(null);
		this.cluster.run();
		assertThat(finish(begun.join()).state()).isEqualTo(RestartState.COMPLETED);
	}

	@Test
	void stopWhileTheApplicationIsCopiedWins() {
		this.cluster.startAll();
		CompletableFuture<Void> copied = this.cluster.generations().hold();
		CompletableFuture<RollingRestart> begun = this.cluster.cluster().restart().toCompletableFuture();
		this.cluster.run();
		CompletableFuture<Void> stopped = this.cluster.stop();
		assertThat(begun).isCompletedExceptionally();
		copied.complete(null);
		this.cluster.run();
		this.cluster.obey();
		assertThat(stopped).isCompleted();
		assertThat(this.cluster.forked()).hasSize(3);
	}

	@Test
	void generationsThatNobodyNeedsAreForgotten() {
		this.cluster.startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.ready(canary());
		assertThat(this.cluster.generations().kept()).containsExactly(1, 2);
		finish(restart);
		settle();
		assertThat(this.cluster.generations().kept()).containsExactly(2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void workerInWhichSomebodyWaitsIsReplacedLastAndToldFirst(int surge) {
		this.cluster = soaking(3, surge).startAll();
		FakeWorker waiter = this.cluster.worker(1);
		this.cluster.send(waiter, new Frame.Request(7, new Operation.Restart(null, true)));
		assertThat(waiter.connection().sent(Frame.Success.class)).hasSize(1);
		for (int step = 0; step < 50 && outcomes(waiter).isEmpty(); step++) {
			assertThat(this.cluster.state(waiter)).isEqualTo(WorkerState.READY);
			this.cluster.starting().stream().findFirst().ifPresent(this.cluster::ready);
			this.cluster.advance(Duration.ofSeconds(2));
			obeyBut(waiter);
		}
		assertThat(outcomes(waiter)).first().isEqualTo(RestartState.COMPLETED);
		assertThat(this.cluster.alive()).hasSize(4).contains(waiter);
		List<Frame> sent = waiter.connection().sent();
		assertThat(sent.indexOf(waiter.connection().sent(Frame.Drain.class).get(0)))
			.isGreaterThan(sent.indexOf(outcome(sent)));
		settle();
		assertThat(this.cluster.alive()).extracting(FakeWorker::generation).containsExactly(2, 2, 2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void onlyWorkerMayWaitForItsOwnReplacement(int surge) {
		this.cluster = soaking(1, surge).startAll();
		FakeWorker waiter = this.cluster.worker(1);
		this.cluster.send(waiter, new Frame.Request(7, new Operation.Restart(null, true)));
		this.cluster.ready(canary(2));
		this.cluster.advance(SOAK);
		assertThat(outcomes(waiter)).contains(RestartState.COMPLETED);
		assertThat(this.cluster.state(waiter)).isEqualTo(WorkerState.DRAINING);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void workerInWhichSomebodyWaitsIsToldOfTheAbortAndStays(int surge) {
		this.cluster = soaking(3, surge).startAll();
		FakeWorker waiter = this.cluster.worker(1);
		this.cluster.send(waiter, new Frame.Request(7, new Operation.Restart(null, true)));
		this.cluster.obey();
		this.cluster.ready(canary());
		this.cluster.send(canary(), new Frame.Health(false, "db: DOWN"));
		assertThat(outcomes(waiter)).contains(RestartState.ABORTED);
		settle();
		assertThat(this.cluster.alive()).hasSize(3).contains(waiter);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void restartDoesNotWaitForAWorkerThatWaitsForItAndLeaves(int surge) {
		this.cluster = soaking(3, surge).startAll();
		FakeWorker waiter = this.cluster.worker(1);
		this.cluster.send(waiter, new Frame.Request(7, new Operation.Restart(null, true)));
		this.cluster.send(waiter, new Frame.Draining());
		for (int step = 0; step < 50 && outcomes(waiter).isEmpty(); step++) {
			this.cluster.starting().stream().findFirst().ifPresent(this.cluster::ready);
			this.cluster.advance(Duration.ofSeconds(1));
			obeyBut(waiter);
		}
		assertThat(outcomes(waiter)).contains(RestartState.COMPLETED);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void deathOfTheWorkerInWhichSomebodyWaitsDoesNotStopTheRestart(int surge) {
		this.cluster = soaking(3, surge).startAll();
		FakeWorker waiter = this.cluster.worker(2);
		this.cluster.send(waiter, new Frame.Request(7, new Operation.Restart(null, true)));
		this.cluster.crash(waiter, 137);
		for (int step = 0; step < 50 && running(); step++) {
			this.cluster.starting().stream().findFirst().ifPresent(this.cluster::ready);
			this.cluster.advance(Duration.ofSeconds(2));
			this.cluster.obey();
		}
		settle();
		assertThat(this.cluster.alive()).extracting(FakeWorker::generation).containsExactly(2, 2, 2);
	}

	private void obeyBut(FakeWorker waiter) {
		this.cluster.draining()
			.stream()
			.filter((worker) -> worker != waiter)
			.forEach((worker) -> this.cluster.crash(worker, 0));
	}

	private boolean running() {
		return Objects.requireNonNull(this.cluster.status().restart()).state() == RestartState.RUNNING;
	}

	private static List<RestartState> outcomes(FakeWorker waiter) {
		return waiter.connection()
			.sent(Frame.Status.class)
			.stream()
			.map((status) -> status.status().restart())
			.filter(Objects::nonNull)
			.map(RestartStatus::state)
			.filter((state) -> state != RestartState.RUNNING)
			.toList();
	}

	private static Frame outcome(List<Frame> sent) {
		return sent.stream()
			.filter((frame) -> frame instanceof Frame.Status status && status.status().restart() != null
					&& status.status().restart().state() == RestartState.COMPLETED)
			.findFirst()
			.orElseThrow();
	}

	private RollingRestart beginTrial(int surge) {
		this.cluster = soaking(3, surge).startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.obey();
		this.cluster.ready(canary());
		return restart;
	}

	private FakeWorker canary() {
		return canary(4);
	}

	private FakeWorker canary(int id) {
		FakeWorker canary = this.cluster.worker(id);
		assertThat(canary.generation()).isGreaterThan(1);
		return canary;
	}

	private void vitals(FakeWorker worker, long requests, long errors, boolean accepting) {
		this.cluster.send(worker, new Frame.Vitals(
				new WorkerVitals(requests, errors, 1, 0, accepting, Duration.ZERO, 0), Duration.ofSeconds(1)));
	}

	private void assertAborted(RollingRestart restart, String reason, String... lastLines) {
		RestartStatus end = restart.completion().toCompletableFuture().getNow(restart.status());
		assertThat(end.state()).isEqualTo(RestartState.ABORTED);
		assertThat(end.reason()).isEqualTo(reason);
		assertThat(end.lastLines()).containsExactly(lastLines);
		settle();
		assertThat(this.cluster.in(WorkerState.READY)).extracting(FakeWorker::generation).containsExactly(1, 1, 1);
		assertThat(this.cluster.alive()).hasSize(3);
		assertThat(this.cluster.status().generation()).isEqualTo(1);
		assertThat(this.cluster.generations().kept()).containsExactly(1);
	}

	/**
	 * Lets every worker do what it is told until the restart has ended.
	 * @param restart the restart
	 * @return its last status
	 */
	private @Nullable RestartState restartState() {
		RestartStatus restart = this.cluster.status().restart();
		return (restart != null) ? restart.state() : null;
	}

	private RestartStatus finish(RollingRestart restart) {
		for (int step = 0; step < 100 && restart.status().state() == RestartState.RUNNING; step++) {
			this.cluster.starting().stream().findFirst().ifPresent(this.cluster::ready);
			this.cluster.advance(Duration.ofSeconds(1));
			this.cluster.obey();
		}
		return restart.completion().toCompletableFuture().getNow(restart.status());
	}

	private void settle() {
		for (int step = 0; step < 10; step++) {
			this.cluster.obey();
			this.cluster.readyAll();
		}
		this.cluster.run();
	}

}
