package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;

import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.DisconnectOutcome;
import io.github.bootcluster.ExitKind;
import io.github.bootcluster.ForkFailedException;
import io.github.bootcluster.ForkRefusedException;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.SignalRefusedException;
import io.github.bootcluster.SlotStatus;
import io.github.bootcluster.UnknownWorkerException;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.event.WorkerExitedEvent;
import io.github.bootcluster.message.MessageFailure;
import io.github.bootcluster.message.MessageTarget;
import io.github.bootcluster.message.support.Outcome;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Failure;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about what a user may want of single workers, and about the end of all.
 */
class OperationsTests {

	private TestCluster cluster = TestCluster.of(2);

	@AfterEach
	void close() {
		this.cluster.close();
	}

	@Test
	void forkAddsAWorkerAndTellsOfItOnceItIsReady() {
		this.cluster.startAll();
		CompletableFuture<ClusterWorker> forked = fork(Map.of("ROLE", "reports"));
		assertThat(this.cluster.status().wanted()).isEqualTo(3);
		assertThat(forked).isNotDone();
		this.cluster.readyAll();
		assertThat(forked.join()).extracting(ClusterWorker::id, ClusterWorker::slot, ClusterWorker::state)
			.containsExactly(3, 3, WorkerState.READY);
		assertThat(this.cluster.worker(3).environment()).isEqualTo(Map.of("ROLE", "reports"));
		assertThat(this.cluster.worker(1).environment()).isEmpty();
	}

	@Test
	void operationOfAWorkerIsAcknowledgedBeforeItIsAnswered() {
		this.cluster.startAll();
		FakeWorker asker = this.cluster.worker(1);
		this.cluster.send(asker, new Frame.Request(7, new Operation.Fork(Map.of())));
		assertThat(asker.connection().sent()).contains(new Frame.Received(7))
			.noneMatch(Frame.Success.class::isInstance);
		this.cluster.readyAll();
		assertThat(asker.connection().sent()).anyMatch(Frame.Success.class::isInstance);
	}

	@Test
	void messagesToAWorkerThatDiesRightAfterItsHelloFail() {
		this.cluster.start();
		FakeWorker first = this.cluster.worker(1);
		ControlConnection connection = first.connection().connection();
		// Both are heard before the supervisor's thread comes to either
		this.cluster.frames()
			.received(connection, new Frame.Hello(first.id(), first.pid(), Frame.Hello.PROTOCOL, "test"));
		this.cluster.frames().closed(connection);
		this.cluster.run();
		List<Outcome> outcomes = new ArrayList<>();
		this.cluster.supervisor().messages().carry(MessageTarget.worker(first.id()), false, "name", "1", outcomes::add);
		assertThat(outcomes).singleElement()
			.isInstanceOfSatisfying(Outcome.Unhandled.class,
					(outcome) -> assertThat(outcome.failure()).isEqualTo(MessageFailure.GONE));
	}

	@Test
	void environmentOfAForkStaysWithItsSlot() {
		this.cluster.startAll();
		fork(Map.of("ROLE", "reports"));
		this.cluster.readyAll();
		this.cluster.advance(TestCluster.HEALTHY_AFTER);
		this.cluster.crash(this.cluster.worker(3), 1);
		assertThat(this.cluster.worker(4).slot()).isEqualTo(3);
		assertThat(this.cluster.worker(4).environment()).isEqualTo(Map.of("ROLE", "reports"));
		this.cluster.readyAll();
		RollingRestart restart = this.cluster.restart();
		for (int step = 0; step < 10; step++) {
			this.cluster.readyAll();
			this.cluster.obey();
		}
		assertThat(restart.status().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(this.cluster.alive()).filteredOn((worker) -> worker.slot() == 3)
			.singleElement()
			.satisfies((worker) -> assertThat(worker.generation()).isEqualTo(2))
			.satisfies((worker) -> assertThat(worker.environment()).isEqualTo(Map.of("ROLE", "reports")));
	}

	@Test
	void forkThatDoesNotBecomeReadyLeavesTheClusterAsItWas() {
		this.cluster.startAll();
		CompletableFuture<ClusterWorker> forked = fork(Map.of("BAD", "1"));
		FakeWorker worker = this.cluster.worker(3);
		worker.say("no such database");
		this.cluster.crash(worker, 1);
		assertThat(failure(forked)).isInstanceOfSatisfying(ForkFailedException.class, (ex) -> {
			assertThat(ex).hasMessage("The worker for slot 3 did not become ready: it exited with code 1");
			assertThat(ex.getSlot()).isEqualTo(3);
			assertThat(ex.getLastLines()).containsExactly("no such database");
		});
		this.cluster.advance(Duration.ofMinutes(1));
		assertThat(this.cluster.status().wanted()).isEqualTo(2);
		assertThat(this.cluster.forked()).hasSize(3);
	}

	@Test
	void forkThatTakesTooLongFails() {
		this.cluster.startAll();
		CompletableFuture<ClusterWorker> forked = fork(Map.of());
		this.cluster.online(this.cluster.worker(3));
		this.cluster.advance(TestCluster.START_TIMEOUT);
		this.cluster.crash(this.cluster.worker(3), 143);
		assertThat(failure(forked)).isInstanceOf(ForkFailedException.class)
			.hasMessageContaining("it was not ready within 60 s");
		assertThat(this.cluster.status().wanted()).isEqualTo(2);
	}

	@Test
	void forkForWhichThereCanBeNoProcessFails() {
		this.cluster.startAll();
		this.cluster.failForks("no memory");
		assertThat(failure(fork(Map.of()))).isInstanceOf(ForkFailedException.class)
			.hasMessageContaining("it could not be forked: no memory");
		assertThat(this.cluster.status().wanted()).isEqualTo(2);
		this.cluster.failForks(null);
		this.cluster.advance(Duration.ofMinutes(1));
		assertThat(this.cluster.forked()).hasSize(2);
	}

	@Test
	void forkThatCrashesInTheMasterFailsAndIsLeftAlone() {
		this.cluster.startAll();
		this.cluster.crashForks(new IllegalArgumentException("Invalid environment variable name"));
		assertThat(failure(fork(Map.of()))).isInstanceOf(ForkFailedException.class)
			.hasMessageContaining("Invalid environment variable name");
		this.cluster.crashForks(null);
		assertThat(this.cluster.status().wanted()).isEqualTo(2);
	}

	@Test
	void forkThatFailsDoesNotAbortARestart() {
		this.cluster = new TestCluster(2, 2, 3, 10).startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.ready(this.cluster.starting().get(0));
		CompletableFuture<ClusterWorker> forked = fork(Map.of("BAD", "1"));
		FakeWorker bad = this.cluster.alive().stream().filter((worker) -> worker.slot() == 3).findFirst().orElseThrow();
		assertThat(bad.generation()).as("that of the restart").isEqualTo(2);
		this.cluster.crash(bad, 1);
		assertThat(failure(forked)).isInstanceOf(ForkFailedException.class);
		this.cluster.readyAll();
		this.cluster.obey();
		assertThat(restart.status().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(restart.status().total()).isEqualTo(2);
	}

	@Test
	void forkThatIsScaledAwayFails() {
		this.cluster.startAll();
		CompletableFuture<ClusterWorker> forked = fork(Map.of());
		this.cluster.scale(2);
		assertThat(failure(forked)).isInstanceOf(ForkFailedException.class)
			.hasMessageContaining("its slot was given up meanwhile");
	}

	@Test
	void forkThatTheEndOvertakesFails() {
		this.cluster.startAll();
		CompletableFuture<ClusterWorker> forked = fork(Map.of());
		this.cluster.stop();
		assertThat(failure(forked)).isInstanceOf(ClusterUnavailableException.class);
	}

	@Test
	void forkThatCannotBeIsRefused() {
		assertThat(failure(fork(Map.of()))).isInstanceOf(ClusterUnavailableException.class);
		this.cluster.startAll();
		assertThat(failure(fork(Map.of("CLUSTER_WORKER_ID", "9")))).isInstanceOf(ForkRefusedException.class);
		this.cluster.scale(100);
		assertThat(failure(fork(Map.of()))).isInstanceOf(ForkRefusedException.class)
			.hasMessageContaining("workers is 101, which is too many");
		assertThat(this.cluster.status().wanted()).isEqualTo(100);
	}

	@Test
	void workerThatIsDisconnectedIsNotReplaced() {
		this.cluster.startAll();
		CompletableFuture<DisconnectOutcome> disconnected = disconnect(1);
		FakeWorker worker = this.cluster.worker(1);
		assertThat(worker.connection().sent(Frame.Drain.class)).hasSize(1);
		assertThat(disconnected).isNotDone();
		this.cluster.obey();
		this.cluster.advance(Duration.ofMinutes(1));
		assertThat(disconnected.join().worker().state()).isEqualTo(WorkerState.EXITED);
		assertThat(disconnected.join().exit()).satisfies((exit) -> {
			assertThat(exit.voluntary()).isTrue();
			assertThat(exit.kind()).isEqualTo(ExitKind.VOLUNTARY);
			assertThat(exit.reason()).isEqualTo("exited with code 0 (disconnect requested by the application)");
		});
		assertThat(this.cluster.forked()).hasSize(2);
		assertThat(this.cluster.status().wanted()).isOne();
		assertThat(this.cluster.status().slots()).extracting(SlotStatus::number).containsExactly(2);
		assertThat(this.cluster.events(WorkerExitedEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.getExit().voluntary()).isTrue());
	}

	@Test
	void numberOfASlotThatWasGivenUpIsTheNextOneToBeUsed() {
		this.cluster.startAll();
		disconnect(1);
		this.cluster.obey();
		CompletableFuture<ClusterWorker> forked = fork(Map.of());
		this.cluster.readyAll();
		assertThat(forked.join().slot()).isOne();
		disconnect(2);
		this.cluster.obey();
		this.cluster.scale(3);
		this.cluster.readyAll();
		assertThat(this.cluster.status().slots()).extracting(SlotStatus::number).containsExactly(1, 2, 3);
		assertThat(this.cluster.alive()).extracting(FakeWorker::slot).containsExactlyInAnyOrder(1, 2, 3);
	}

	@Test
	void lastExitOfASlotTellsWhetherItWasVoluntary() {
		this.cluster.startAll();
		this.cluster.advance(TestCluster.HEALTHY_AFTER);
		this.cluster.crash(this.cluster.worker(1), 1);
		assertThat(this.cluster.status().slots().get(0).lastExit()).extracting("voluntary").isEqualTo(false);
		this.cluster.readyAll();
		this.cluster.restart();
		this.cluster.readyAll();
		this.cluster.obey();
		assertThat(this.cluster.status().slots().get(0).lastExit()).extracting("voluntary").isEqualTo(true);
	}

	@Test
	void workerThatDoesNotObeyIsDisconnectedAllTheSame() {
		this.cluster.startAll();
		CompletableFuture<DisconnectOutcome> disconnected = disconnect(2);
		this.cluster.advance(TestCluster.DRAIN_TIMEOUT.plus(TestCluster.GRACE));
		this.cluster.advance(TestCluster.GRACE);
		assertThat(this.cluster.worker(2).signals()).containsExactly("TERM", "KILL");
		this.cluster.crash(this.cluster.worker(2), 137);
		assertThat(disconnected.join().exit()).extracting("exitCode", "voluntary").containsExactly(137, true);
		assertThat(this.cluster.status().wanted()).isOne();
	}

	@Test
	void workerThatIsNotThereIsNamedWithThoseThatAre() {
		this.cluster.startAll();
		assertThat(failure(disconnect(7))).isInstanceOfSatisfying(UnknownWorkerException.class, (ex) -> {
			assertThat(ex).hasMessage("There is no worker 7, only 1, 2");
			assertThat(ex.getWorker()).isEqualTo(7);
			assertThat(ex.getKnown()).containsExactly(1, 2);
		});
		assertThat(failure(kill(7, "TERM"))).isInstanceOf(UnknownWorkerException.class);
		assertThat(this.cluster.status().wanted()).isEqualTo(2);
	}

	@Test
	void workerThatLeavesAlreadyIsWaitedForAndItsSlotStays() {
		this.cluster.startAll();
		this.cluster.restart();
		this.cluster.readyAll();
		FakeWorker leaving = this.cluster.draining().get(0);
		CompletableFuture<DisconnectOutcome> disconnected = disconnect(leaving.id());
		assertThat(this.cluster.status().wanted()).isEqualTo(2);
		this.cluster.crash(leaving, 0);
		assertThat(disconnected).isCompleted();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void restartGoesOnWithoutAWorkerThatIsDisconnected(int surge) {
		this.cluster = new TestCluster(3, surge, 1, 10).startAll();
		RollingRestart restart = this.cluster.restart();
		disconnect(3);
		for (int step = 0; step < 10; step++) {
			this.cluster.readyAll();
			this.cluster.obey();
		}
		assertThat(restart.status()).extracting("state", "replaced", "total")
			.containsExactly(RestartState.COMPLETED, 2, 2);
		assertThat(this.cluster.alive()).hasSize(2);
	}

	@Test
	void successorThatStartsGoesWithItsWorker() {
		this.cluster.startAll();
		this.cluster.restart();
		FakeWorker successor = this.cluster.starting().get(0);
		disconnect(1);
		assertThat(successor.slot()).isOne();
		assertThat(successor.signals()).containsExactly("TERM");
		this.cluster.crash(successor, 143);
		for (int step = 0; step < 10; step++) {
			this.cluster.obey();
			this.cluster.readyAll();
		}
		assertThat(this.cluster.alive()).extracting(FakeWorker::slot).containsExactly(2);
	}

	@Test
	void allCanBeDisconnectedAndTheMasterStays() {
		this.cluster.startAll();
		CompletableFuture<Void> disconnected = future(this.cluster.cluster().disconnect());
		assertThat(this.cluster.draining()).hasSize(2);
		this.cluster.crash(this.cluster.worker(1), 0);
		assertThat(disconnected).isNotDone();
		assertThat(this.cluster.listeners().calls()).doesNotContain("close unused");
		this.cluster.obey();
		assertThat(disconnected).isCompleted();
		this.cluster.advance(Duration.ofMinutes(1));
		assertThat(this.cluster.forked()).hasSize(2);
		assertThat(this.cluster.status().wanted()).isZero();
		assertThat(this.cluster.listeners().calls()).contains("close unused").doesNotContain("close");
		assertThat(this.cluster.exits()).isZero();
	}

	@Test
	void clusterWithoutWorkersCanBeBroughtUpAgain() {
		this.cluster.startAll();
		this.cluster.cluster().disconnect();
		this.cluster.run().obey();
		assertThat(failure(this.cluster.cluster().restart())).hasMessageContaining("no worker is wanted any more");
		CompletableFuture<ClusterWorker> forked = fork(Map.of());
		this.cluster.readyAll();
		assertThat(forked.join().slot()).isOne();
		this.cluster.supervisor().scaleBy(1, "signal TTIN");
		this.cluster.run().readyAll();
		assertThat(this.cluster.readyCount()).isEqualTo(2);
	}

	@Test
	void restartEndsWhenAllAreDisconnected() {
		this.cluster.startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.cluster().disconnect();
		this.cluster.run();
		assertThat(restart.status()).extracting("state", "reason")
			.containsExactly(RestartState.ABORTED, "no worker is wanted any more");
	}

	@ParameterizedTest
	@ValueSource(strings = { "QUIT", "SIGQUIT", "quit", " sigquit " })
	void signalIsSentByItsName(String name) {
		this.cluster.startAll();
		assertThat(kill(1, name)).isCompleted();
		assertThat(this.cluster.worker(1).signals()).containsExactly("QUIT");
		assertThat(this.cluster.draining()).isEmpty();
	}

	@Test
	void workerThatIsKilledIsReplaced() {
		this.cluster.startAll();
		this.cluster.advance(TestCluster.HEALTHY_AFTER);
		kill(1, "KILL");
		assertThat(this.cluster.worker(1).signals()).containsExactly("KILL");
		this.cluster.crash(this.cluster.worker(1), 137);
		assertThat(this.cluster.worker(3).slot()).isOne();
		assertThat(this.cluster.status().wanted()).isEqualTo(2);
		assertThat(this.cluster.events(WorkerExitedEvent.class)).singleElement().satisfies((event) -> {
			assertThat(event.getExit().kind()).isEqualTo(ExitKind.SIGNAL);
			assertThat(event.getExit().voluntary()).isFalse();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "USR2", "SEGV", "9", "", "TERM; reboot", "SIGSIGTERM" })
	void signalThatIsNotAllowedIsRefusedWithThoseThatAre(String name) {
		this.cluster.startAll();
		assertThat(failure(kill(1, name))).isInstanceOf(SignalRefusedException.class)
			.hasMessage("Signal '%s' cannot be sent: allowed are ABRT, CONT, HUP, INT, KILL, QUIT, STOP, TERM, USR1"
				.formatted(name));
		assertThat(this.cluster.worker(1).signals()).isEmpty();
	}

	@Test
	void signalThatDoesNotArriveFails() {
		this.cluster.startAll();
		this.cluster.worker(1).goDeaf();
		assertThat(failure(kill(1, "HUP"))).isInstanceOf(SignalRefusedException.class)
			.hasMessage("Signal 'HUP' cannot be sent: it is deaf");
	}

	@Test
	void shutdownEndsTheProcessInTheOrderlyWay() {
		this.cluster.startAll();
		CompletableFuture<Void> ended = future(this.cluster.cluster().stop());
		assertThat(this.cluster.exits()).isOne();
		assertThat(this.cluster.draining()).hasSize(2);
		assertThat(ended).isNotDone();
		CompletableFuture<Void> again = future(this.cluster.cluster().stop());
		assertThat(this.cluster.exits()).as("once is enough").isOne();
		this.cluster.obey();
		assertThat(ended).isCompleted();
		assertThat(again).isCompleted();
	}

	@Test
	void operationAfterTheEndIsRefused() {
		this.cluster.startAll();
		this.cluster.stop();
		this.cluster.obey();
		CompletionStage<ClusterWorker> late = this.cluster.cluster().fork();
		assertThat(late).as("at once, as no thread may be left").isCompletedExceptionally();
		assertThat(failure(late)).isInstanceOf(ClusterUnavailableException.class);
	}

	@Test
	void clusterThatStartsCannotBeOperated() {
		this.cluster.start();
		assertThat(failure(disconnect(1))).isInstanceOf(ClusterUnavailableException.class);
		assertThat(failure(this.cluster.cluster().disconnect())).isInstanceOf(ClusterUnavailableException.class);
		assertThat(failure(this.cluster.cluster().stop())).isInstanceOf(ClusterUnavailableException.class);
		assertThat(this.cluster.exits()).isZero();
	}

	@Test
	void workerThatAsksForAForkIsAnsweredOnceItIsReady() {
		this.cluster.startAll();
		FakeWorker asker = this.cluster.worker(1);
		this.cluster.send(asker, new Frame.Request(7, new Operation.Fork(Map.of("A", "b"))));
		assertThat(asker.connection().sent(Frame.Success.class)).isEmpty();
		this.cluster.readyAll();
		assertThat(asker.connection().sent(Frame.Success.class)).singleElement()
			.satisfies((answer) -> assertThat(answer.request()).isEqualTo(7))
			.satisfies((answer) -> assertThat(answer.result()).isInstanceOfSatisfying(ClusterWorker.class,
					(worker) -> assertThat(worker.slot()).isEqualTo(3)));
		this.cluster.send(asker, new Frame.Request(8, new Operation.Fork(Map.of("A=", "b"))));
		assertThat(asker.connection().sent(Frame.Failed.class)).hasSize(1);
		this.cluster.send(asker, new Frame.Request(9, new Operation.Fork(Map.of())));
		this.cluster.crash(this.cluster.worker(4), 1);
		assertThat(asker.connection().sent(Frame.Failed.class)).hasSize(2)
			.contains(new Frame.Failed(9, Failure.of(new ForkFailedException(4, "exited with code 1", List.of()))));
	}

	@Test
	void workerThatAsksForItsOwnEndIsAnsweredBefore() {
		this.cluster.startAll();
		FakeWorker asker = this.cluster.worker(1);
		this.cluster.send(asker, new Frame.Request(7, new Operation.Disconnect(1)));
		assertThat(asker.connection().sent())
			.filteredOn((frame) -> frame instanceof Frame.Success || frame instanceof Frame.Drain)
			.extracting((frame) -> frame.getClass().getSimpleName())
			.containsExactly("Success", "Drain");
		assertThat(asker.connection().sent(Frame.Success.class).get(0).result())
			.isInstanceOfSatisfying(DisconnectOutcome.class, (outcome) -> assertThat(outcome.exit()).isNull());
		this.cluster.obey();
		assertThat(this.cluster.status().wanted()).isOne();
	}

	@Test
	void workerThatAsksForTheEndOfAnotherIsAnsweredAfterIt() {
		this.cluster.startAll();
		FakeWorker asker = this.cluster.worker(1);
		this.cluster.send(asker, new Frame.Request(7, new Operation.Disconnect(2)));
		assertThat(asker.connection().sent(Frame.Success.class)).isEmpty();
		this.cluster.obey();
		assertThat(asker.connection().sent(Frame.Success.class)).singleElement()
			.satisfies((answer) -> assertThat(answer.result()).extracting("exit.voluntary").isEqualTo(true));
		this.cluster.send(asker, new Frame.Request(8, new Operation.Disconnect(2)));
		assertThat(asker.connection().sent(Frame.Failed.class))
			.containsExactly(new Frame.Failed(8, Failure.of(new UnknownWorkerException(2, List.of(1)))));
	}

	@Test
	void workerThatAsksForTheEndOfAllIsAnsweredOnceItIsAlone() {
		this.cluster.startAll();
		FakeWorker asker = this.cluster.worker(1);
		this.cluster.send(asker, new Frame.Request(7, new Operation.DisconnectAll()));
		assertThat(this.cluster.draining()).hasSize(2);
		assertThat(asker.connection().sent(Frame.Success.class)).isEmpty();
		this.cluster.crash(this.cluster.worker(2), 0);
		assertThat(asker.connection().sent(Frame.Success.class)).containsExactly(new Frame.Success(7, null));
	}

	@Test
	void workerThatAsksForASignalToItselfIsAnsweredBefore() {
		this.cluster.startAll();
		FakeWorker asker = this.cluster.worker(1);
		this.cluster.send(asker, new Frame.Request(7, new Operation.Kill(1, "KILL")));
		assertThat(asker.connection().sent(Frame.Success.class)).containsExactly(new Frame.Success(7, null));
		assertThat(asker.signals()).isEmpty();
		this.cluster.advance(Duration.ofMillis(100));
		assertThat(asker.signals()).containsExactly("KILL");
		this.cluster.send(this.cluster.worker(2), new Frame.Request(8, new Operation.Kill(2, "nonsense")));
		assertThat(this.cluster.worker(2).connection().sent(Frame.Failed.class)).hasSize(1);
	}

	@Test
	void workerThatAsksForTheEndOfTheClusterIsAnsweredBefore() {
		this.cluster.startAll();
		FakeWorker asker = this.cluster.worker(1);
		this.cluster.send(asker, new Frame.Request(7, new Operation.Stop()));
		assertThat(asker.connection().sent(Frame.Success.class)).containsExactly(new Frame.Success(7, null));
		assertThat(this.cluster.exits()).isOne();
	}

	private CompletableFuture<ClusterWorker> fork(Map<String, String> environment) {
		return future(this.cluster.cluster().fork(environment));
	}

	private CompletableFuture<DisconnectOutcome> disconnect(int worker) {
		return future(this.cluster.cluster().disconnect(worker));
	}

	private CompletableFuture<Void> kill(int worker, String signal) {
		return future(this.cluster.cluster().kill(worker, signal));
	}

	private <T> CompletableFuture<T> future(CompletionStage<T> stage) {
		this.cluster.run();
		return stage.toCompletableFuture();
	}

	private @Nullable Throwable failure(CompletionStage<?> stage) {
		this.cluster.run();
		AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
		assertThat(stage).failsWithin(Duration.ZERO)
			.withThrowableThat()
			.satisfies((thrown) -> failure.set(thrown.getCause()));
		return failure.get();
	}

}
