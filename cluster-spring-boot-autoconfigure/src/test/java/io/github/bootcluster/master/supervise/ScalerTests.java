package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.ScaleRefusedException;
import io.github.bootcluster.SlotStatus;
import io.github.bootcluster.event.WorkerExitedEvent;
import io.github.bootcluster.master.listen.TooFewDescriptorsException;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises about a number of workers that changes.
 */
class ScalerTests {

	private final TestCluster cluster = TestCluster.of(2);

	@AfterEach
	void close() {
		this.cluster.close();
	}

	@Test
	void slotsAreAddedAtTheEnd() {
		this.cluster.startAll();
		assertThat(this.cluster.scale(4).join()).isEqualTo(new ScaleOutcome(4, 2));
		this.cluster.readyAll();
		assertThat(this.cluster.alive()).extracting(FakeWorker::slot).containsExactly(1, 2, 3, 4);
		assertThat(this.cluster.readyCount()).isEqualTo(4);
		assertThat(this.cluster.status().wanted()).isEqualTo(4);
		assertThat(this.cluster.status().slots()).extracting(SlotStatus::number).containsExactly(1, 2, 3, 4);
	}

	@Test
	void lastSlotGoesFirstAndItsWorkerIsDrained() {
		this.cluster.startAll();
		this.cluster.scale(3);
		this.cluster.readyAll();
		assertThat(this.cluster.scale(1).join()).isEqualTo(new ScaleOutcome(1, 3));
		assertThat(this.cluster.draining()).extracting(FakeWorker::slot).containsExactly(2, 3);
		assertThat(this.cluster.worker(3).connection().sent(Frame.Drain.class)).hasSize(1);
		this.cluster.obey();
		this.cluster.advance(Duration.ofMinutes(1));
		assertThat(this.cluster.alive()).extracting(FakeWorker::slot).containsExactly(1);
		assertThat(this.cluster.forked()).hasSize(3);
		assertThat(this.cluster.status().wanted()).isOne();
		assertThat(this.cluster.events(WorkerExitedEvent.class)).hasSize(2)
			.allSatisfy(
					(event) -> assertThat(event.getExit().reason()).isEqualTo("exited with code 0 (scaled down to 1)"))
			.allSatisfy((event) -> assertThat(event.getExit().voluntary()).isTrue());
	}

	@Test
	void slotThatComesBackDoesNotWaitForTheOneThatLeaves() {
		this.cluster.startAll();
		this.cluster.scale(1);
		FakeWorker leaving = this.cluster.worker(2);
		assertThat(this.cluster.draining()).containsExactly(leaving);
		this.cluster.scale(2);
		this.cluster.readyAll();
		assertThat(this.cluster.worker(3).slot()).isEqualTo(2);
		assertThat(this.cluster.readyCount()).isEqualTo(2);
		this.cluster.obey();
		assertThat(this.cluster.readyCount()).isEqualTo(2);
		assertThat(this.cluster.forked()).hasSize(3);
	}

	@Test
	void workerThatStartsInASlotThatGoesIsEnded() {
		this.cluster.startAll();
		this.cluster.scale(3);
		FakeWorker starting = this.cluster.worker(3);
		this.cluster.online(starting);
		this.cluster.scale(2);
		assertThat(starting.signals()).containsExactly("TERM");
		this.cluster.crash(starting, 143);
		assertThat(this.cluster.forked()).hasSize(3);
	}

	@Test
	void workerThatDiesInASlotThatHasGoneIsNotReplaced() {
		this.cluster.startAll();
		this.cluster.scale(1);
		this.cluster.crash(this.cluster.worker(2), 1);
		this.cluster.advance(Duration.ofMinutes(1));
		assertThat(this.cluster.forked()).hasSize(2);
		assertThat(this.cluster.readyCount()).isOne();
	}

	@Test
	void sameNumberChangesNothing() {
		this.cluster.startAll();
		assertThat(this.cluster.scale(2).join()).isEqualTo(new ScaleOutcome(2, 2));
		assertThat(this.cluster.forked()).hasSize(2);
		assertThat(this.cluster.draining()).isEmpty();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, -1, 1025, Integer.MIN_VALUE })
	void numberOutOfRangeIsRefusedWithWhatIsAllowed(int workers) {
		this.cluster.startAll();
		assertThat(this.cluster.scale(workers)).failsWithin(Duration.ofSeconds(1))
			.withThrowableThat()
			.withCauseInstanceOf(ScaleRefusedException.class)
			.withMessageContaining("workers is " + workers + ", allowed is a whole number from 1 to 1024");
		assertThat(this.cluster.status().wanted()).isEqualTo(2);
	}

	@Test
	void moreThanTheDescriptorsAllowIsRefusedInTheWordsOfTheStart() {
		this.cluster.startAll();
		assertThat(this.cluster.scale(101)).failsWithin(Duration.ofSeconds(1))
			.withThrowableThat()
			.withCauseInstanceOf(ScaleRefusedException.class)
			.withMessageContaining("workers is 101, which is too many: 101 workers need up to 1064 open files in the "
					+ "master, but its limit is 1056");
		assertThatExceptionOfType(TooFewDescriptorsException.class).isThrownBy(() -> TestCluster.DESCRIPTORS.check(101))
			.withMessage("101 workers need up to 1064 open files in the master, but its limit is 1056");
	}

	@Test
	void signalsAddAndTakeOne() {
		this.cluster.startAll();
		this.cluster.supervisor().scaleBy(1, "signal TTIN");
		this.cluster.run();
		assertThat(this.cluster.status().wanted()).isEqualTo(3);
		this.cluster.supervisor().scaleBy(-1, "signal TTOU");
		this.cluster.supervisor().scaleBy(-1, "signal TTOU");
		CompletableFuture<ScaleOutcome> last = this.cluster.supervisor()
			.scaleBy(-1, "signal TTOU")
			.toCompletableFuture();
		this.cluster.run();
		assertThat(this.cluster.status().wanted()).isOne();
		assertThat(last).isCompletedExceptionally();
	}

	@Test
	void scalingIsRefusedWhileTheClusterStartsOrEnds() {
		this.cluster.start();
		assertUnavailable();
		this.cluster.readyAll();
		this.cluster.stop();
		assertUnavailable();
	}

	private void assertUnavailable() {
		assertThat(this.cluster.scale(3)).failsWithin(Duration.ofSeconds(1))
			.withThrowableThat()
			.withCauseInstanceOf(ClusterUnavailableException.class)
			.withMessageContaining("starting or shutting down");
	}

	@Test
	void workerMayAskForItAndIsAnswered() {
		FakeWorker first = this.cluster.startAll().worker(1);
		this.cluster.send(first, new Frame.Request(5, new Operation.Scale(ClusterWorker.DEFAULT_GROUP, 3)));
		this.cluster.send(first, new Frame.Request(6, new Operation.Scale(ClusterWorker.DEFAULT_GROUP, 0)));
		this.cluster.stop();
		this.cluster.send(first, new Frame.Request(7, new Operation.Scale(ClusterWorker.DEFAULT_GROUP, 1)));
		assertThat(first.connection().sent(Frame.Answer.class)).satisfiesExactly(
				(scaled) -> assertThat(scaled).isEqualTo(new Frame.Success(5, new ScaleOutcome(3, 2))),
				(refused) -> assertThat(refused).isInstanceOf(Frame.Failed.class),
				(failed) -> assertThat(failed).isInstanceOf(Frame.Failed.class));
	}

	@Test
	void slotThatIsAddedWhileANewGenerationIsNotProvenBeginsWithTheOldOne() {
		this.cluster.startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.scale(3);
		assertThat(this.cluster.alive()).filteredOn((worker) -> worker.slot() == 3).isEmpty();
		complete(restart);
		assertThat(restart.status().total()).isEqualTo(3);
		assertThat(this.cluster.alive()).hasSize(3).allMatch((worker) -> worker.generation() == 2);
	}

	@Test
	void slotThatIsRemovedDoesNotKeepARestartFromItsEnd() {
		this.cluster.startAll();
		this.cluster.scale(4);
		this.cluster.readyAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.readyAll();
		this.cluster.scale(2);
		assertThat(restart.status().total()).isEqualTo(2);
		complete(restart);
		assertThat(restart.status().replaced()).isEqualTo(2);
		assertThat(this.cluster.alive()).hasSize(2).allMatch((worker) -> worker.generation() == 2);
	}

	@Test
	void slotThatIsAddedAfterARestartRunsItsGeneration() {
		this.cluster.startAll();
		complete(this.cluster.restart());
		this.cluster.scale(3);
		assertThat(this.cluster.alive()).filteredOn((worker) -> worker.slot() == 3)
			.singleElement()
			.satisfies((worker) -> assertThat(worker.generation()).isEqualTo(2));
	}

	private void complete(RollingRestart restart) {
		for (int i = 0; i < 8; i++) {
			this.cluster.readyAll();
			this.cluster.obey();
		}
		assertThat(restart.status().state()).isEqualTo(RestartState.COMPLETED);
	}

}
