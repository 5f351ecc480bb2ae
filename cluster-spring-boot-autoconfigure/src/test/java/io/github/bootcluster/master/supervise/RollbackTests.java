package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.event.RollingRestartAbortedEvent;
import io.github.bootcluster.event.RollingRestartCompletedEvent;
import io.github.bootcluster.event.RollingRestartStartedEvent;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises on a restart that fails after it has replaced some workers: no group keeps two
 * generations.
 */
@ExtendWith(OutputCaptureExtension.class)
class RollbackTests {

	private TestCluster cluster = TestCluster.of(3);

	@AfterEach
	void close() {
		this.cluster.close();
	}

	/**
	 * Begins a restart whose second new worker fails.
	 * @return the restart
	 */
	private RollingRestart failInTheMiddle() {
		RollingRestart restart = this.cluster.restart();
		while (this.cluster.in(WorkerState.READY).stream().noneMatch((worker) -> worker.generation() > 1)) {
			this.cluster.obey();
			this.cluster.ready(this.cluster.starting().get(0));
		}
		this.cluster.obey();
		if (this.cluster.starting().isEmpty()) {
			this.cluster.obey();
		}
		FakeWorker broken = this.cluster.starting().get(0);
		broken.say("No such bean");
		this.cluster.crash(broken, 1);
		assertThat(restart.status().state()).isEqualTo(RestartState.ABORTED);
		return restart;
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void readyWorkersOfTheNewGenerationAreReplacedByTheEarlierOne(int surge) {
		this.cluster = new TestCluster(3, surge, 1, 10).startAll();
		RollingRestart restart = failInTheMiddle();
		assertThat(this.cluster.starting()).extracting(FakeWorker::slot, FakeWorker::generation)
			.containsExactly(Tuple.tuple(1, 1));
		settle();
		assertAllOf(1, 3);
		assertThat(this.cluster.fewestReady()).isEqualTo(3);
		assertThat(this.cluster.mostProcesses()).isLessThanOrEqualTo(3 + surge);
		assertThat(this.cluster.status().generation()).isEqualTo(1);
		assertThat(restart.status().state()).isEqualTo(RestartState.ABORTED);
	}

	@Test
	void withoutSurgeWorkersGoBackWithNoProcessMore() {
		this.cluster = new TestCluster(3, 0, 1, 10).startAll();
		failInTheMiddle();
		settle();
		assertAllOf(1, 3);
		assertThat(this.cluster.mostProcesses()).isEqualTo(3);
		assertThat(this.cluster.fewestReady()).isEqualTo(2);
	}

	@Test
	void slotsThatAreExclusiveNeverHaveTwoWorkers() {
		this.cluster = TestCluster.restarting(3, true, 0).startAll();
		failInTheMiddle();
		for (int step = 0; step < 20; step++) {
			assertThat(this.cluster.alive()).extracting(FakeWorker::slot).doesNotHaveDuplicates();
			this.cluster.obey();
			this.cluster.starting().stream().findFirst().ifPresent(this.cluster::ready);
		}
		assertAllOf(1, 3);
		assertThat(this.cluster.fewestReady()).isEqualTo(2);
	}

	@Test
	void abortedRestartTellsOfItsRollbackAndOfWhatBecameOfIt(CapturedOutput output) {
		this.cluster.startAll();
		RollingRestart restart = failInTheMiddle();
		RestartStatus end = restart.completion().toCompletableFuture().join();
		assertThat(end.reason()).isEqualTo("worker 5 exited with code 1; group default is rolled back to generation 1");
		assertThat(end.lastLines()).containsExactly("No such bean");
		settle();
		this.cluster.advance(Duration.ofSeconds(1));
		assertThat(this.cluster.status().restart()).isEqualTo(restart.status());
		assertThat(restart.status().reason())
			.isEqualTo("worker 5 exited with code 1; group default runs generation 1 again");
		assertThat(restart.status().state()).isEqualTo(RestartState.ABORTED);
		assertThat(output)
			.contains("Rolling restart " + restart.id() + " is rolled back: group default runs generation 1 again");
		assertThat(this.cluster.events(RollingRestartStartedEvent.class)).hasSize(1);
		assertThat(this.cluster.events(RollingRestartAbortedEvent.class)).hasSize(1);
		assertThat(this.cluster.events(RollingRestartCompletedEvent.class)).isEmpty();
	}

	@Test
	void lastWorkerThatFailsTakesAllOthersBack() {
		this.cluster.startAll();
		this.cluster.restart();
		for (int id = 4; id <= 5; id++) {
			this.cluster.ready(this.cluster.worker(id));
			this.cluster.obey();
		}
		this.cluster.crash(this.cluster.worker(6), 1);
		settle();
		assertAllOf(1, 3);
	}

	@Test
	void workerKilledDuringTheRollbackIsTriedAgain() {
		this.cluster.startAll();
		failInTheMiddle();
		FakeWorker first = this.cluster.starting().get(0);
		this.cluster.crash(first, 137);
		assertThat(this.cluster.starting()).as("it is waited for a moment").isEmpty();
		assertThat(this.cluster.readyCount()).isEqualTo(3);
		this.cluster.advance(Duration.ofSeconds(2));
		assertThat(this.cluster.starting()).extracting(FakeWorker::generation).containsExactly(1);
		settle();
		assertAllOf(1, 3);
	}

	@Test
	void newWorkerKilledDuringTheRollbackComesBackInTheEarlierGeneration() {
		this.cluster.startAll();
		failInTheMiddle();
		this.cluster.crash(this.cluster.worker(4), 137);
		settle();
		this.cluster.advance(Duration.ofSeconds(2));
		settle();
		assertAllOf(1, 3);
	}

	@Test
	void workerThatCrashesAfterTheRollbackComesBackInTheEarlierGeneration() {
		this.cluster.startAll();
		failInTheMiddle();
		settle();
		this.cluster.advance(TestCluster.HEALTHY_AFTER);
		this.cluster.alive().forEach((worker) -> this.cluster.crash(worker, 1));
		settle();
		assertAllOf(1, 3);
		assertThat(this.cluster.generations().kept()).containsExactly(1);
	}

	@Test
	void workersOfTheEarlierGenerationThatKeepFailingEndTheRollback(CapturedOutput output) {
		this.cluster = new TestCluster(3, 1, 2, 3).startAll();
		RollingRestart restart = failInTheMiddle();
		int tries = 0;
		for (; tries < 10 && !this.cluster.starting().isEmpty(); tries++) {
			this.cluster.crash(this.cluster.starting().get(0), 1);
			this.cluster.advance(Duration.ofSeconds(30));
		}
		assertThat(tries).isEqualTo(3);
		assertThat(this.cluster.readyCount()).as("what serves stays").isEqualTo(3);
		assertThat(restart.status().reason()).startsWith("worker 5 exited with code 1; the rollback failed, as worker ")
			.endsWith(" exited with code 1: group default keeps generations 1 and 2");
		assertThat(output.getOut().lines()).filteredOn((line) -> line.contains("the rollback failed"))
			.singleElement()
			.asString()
			.contains("ERROR", restart.id());
	}

	@Test
	void restartThatIsFollowedByAFailedRollbackMakesTheGroupWhole() {
		this.cluster = new TestCluster(3, 1, 2, 1).startAll();
		failInTheMiddle();
		this.cluster.crash(this.cluster.starting().get(0), 1);
		assertThat(this.cluster.starting()).isEmpty();
		this.cluster.restart();
		settle();
		assertAllOf(3, 3);
	}

	@Test
	void restartWithoutACopyOfTheEarlierGenerationSaysSoAndLeavesWhatServes() {
		this.cluster.startAll();
		this.cluster.generations().lose(1);
		RollingRestart restart = failInTheMiddle();
		assertThat(restart.status().reason())
			.isEqualTo("worker 5 exited with code 1; there is no copy of generation 1 to go back to, so that "
					+ "group default keeps generations 1 and 2");
		assertThat(this.cluster.starting()).isEmpty();
		assertThat(this.cluster.readyCount()).isEqualTo(3);
	}

	@Test
	void copyThatIsLostDuringTheRollbackEndsIt() {
		this.cluster = new TestCluster(3, 0, 1, 2).startAll();
		RollingRestart restart = failInTheMiddle();
		this.cluster.failForks("the copy has been deleted");
		for (int step = 0; step < 10; step++) {
			this.cluster.obey();
			this.cluster.readyAll();
			this.cluster.advance(Duration.ofSeconds(5));
		}
		assertThat(restart.status().reason()).contains("the rollback failed, as worker ", "the copy has been deleted");
	}

	@Test
	void rollbackIsCompleteWhenItsTimeIsUpAndNothingButDrainingIsLeft() {
		this.cluster.startAll();
		RollingRestart restart = failInTheMiddle();
		Duration limit = TestCluster.RESTART_TIMEOUT.multipliedBy(2).plusSeconds(1);
		FakeWorker draining = this.cluster.starting().get(0);
		this.cluster.ready(draining);
		this.cluster.advance(limit);
		this.cluster.advance(limit);
		this.cluster.advance(Duration.ofSeconds(1));
		assertThat(restart.status().reason()).as("nothing but draining is left")
			.endsWith("group default runs generation 1 again");
	}

	@Test
	void rollbackThatTakesTooLongIsGivenUp() {
		this.cluster.startAll();
		RollingRestart restart = failInTheMiddle();
		FakeWorker slow = this.cluster.starting().get(0);
		this.cluster.online(slow);
		this.cluster.thread().lag(TestCluster.RESTART_TIMEOUT.multipliedBy(2).plusSeconds(1));
		this.cluster.run();
		assertThat(this.cluster.isRollingBack()).isTrue();
		this.cluster.thread().lag(TestCluster.RESTART_TIMEOUT.plusSeconds(1));
		this.cluster.run();
		assertThat(this.cluster.isRollingBack()).isFalse();
		assertThat(restart.status().reason()).contains("the rollback failed, as it was not done within ")
			.endsWith("group default keeps generations 1 and 2");
		assertThat(this.cluster.readyCount()).as("what serves stays").isEqualTo(3);
	}

	@Test
	void restartDuringARollbackCancelsItAndBegins() {
		this.cluster.startAll();
		RollingRestart failed = failInTheMiddle();
		FakeWorker earlier = this.cluster.starting().get(0);
		RollingRestart next = this.cluster.restart();
		assertThat(earlier.signals()).contains("TERM");
		assertThat(next.status().generation()).isEqualTo(3);
		assertThat(failed.status().reason())
			.isEqualTo("worker 5 exited with code 1; the rollback was cancelled by a new restart");
		settle();
		assertThat(next.status().state()).isEqualTo(RestartState.COMPLETED);
		assertAllOf(3, 3);
	}

	@Test
	void restartThatCancelsARollbackAndFailsItselfGoesBackAsFar() {
		this.cluster.startAll();
		failInTheMiddle();
		CompletableFuture<Void> copying = this.cluster.generations().hold();
		CompletableFuture<RollingRestart> next = this.cluster.cluster().restart().toCompletableFuture();
		this.cluster.run();
		copying.completeExceptionally(new IllegalStateException("no JAR"));
		this.cluster.run();
		assertThat(next).isCompletedExceptionally();
		settle();
		assertAllOf(1, 3);
	}

	@Test
	void restartOfOneGroupIsRefusedWhileOthersAreRolledBack() {
		this.cluster = TestCluster.grouped(2, 1, Duration.ZERO, new WorkerGroup("jobs", 1)).startAll();
		RollingRestart failed = failInTheMiddle();
		assertThatExceptionOfType(CompletionException.class).isThrownBy(() -> this.cluster.restart("jobs"))
			.havingCause()
			.isInstanceOfSatisfying(RestartInProgressException.class,
					(ex) -> assertThat(ex.getRunningId()).isEqualTo(failed.id()));
		settle();
		assertAllOf(1, 3);
	}

	@Test
	void groupsThatAreDoneGoBackToWhatEachOfThemHadBefore() {
		this.cluster = TestCluster.grouped(1, 1, Duration.ZERO, new WorkerGroup("jobs", 2)).startAll();
		this.cluster.restart("default");
		settle();
		RollingRestart restart = this.cluster.restart();
		while (this.cluster.alive("jobs").stream().noneMatch((worker) -> worker.generation() == 3)) {
			settleOnce();
		}
		this.cluster.obey();
		this.cluster.crash(this.cluster.starting().get(0), 1);
		assertThat(restart.status().reason())
			.endsWith("; group default is rolled back to generation 2, group jobs is rolled back to generation 1");
		settle();
		assertThat(this.cluster.alive("default")).extracting(FakeWorker::generation).containsExactly(2);
		assertThat(this.cluster.alive("jobs")).extracting(FakeWorker::generation).containsExactly(1, 1);
		assertThat(this.cluster.readyCount()).isEqualTo(3);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void stopDuringARollbackEndsAllWorkers(int surge) {
		this.cluster = new TestCluster(3, surge, 1, 10).startAll();
		RollingRestart restart = failInTheMiddle();
		CompletableFuture<Void> stopped = this.cluster.stop();
		int forked = this.cluster.forked().size();
		this.cluster.obey();
		assertThat(stopped).isCompleted();
		assertThat(this.cluster.forked()).hasSize(forked);
		assertThat(restart.status().reason()).endsWith("the cluster is shut down before the rollback is complete");
	}

	private void settle() {
		for (int step = 0; step < 20; step++) {
			settleOnce();
		}
	}

	private void settleOnce() {
		this.cluster.obey();
		this.cluster.starting().stream().findFirst().ifPresent(this.cluster::ready);
	}

	private void assertAllOf(int generation, int workers) {
		assertThat(this.cluster.alive()).hasSize(workers);
		assertThat(this.cluster.in(WorkerState.READY)).hasSize(workers)
			.allMatch((worker) -> worker.generation() == generation);
	}

}
