package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.ScaleRefusedException;
import io.github.bootcluster.SlotStatus;
import io.github.bootcluster.UnknownGroupException;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.event.ClusterStartedEvent;
import io.github.bootcluster.event.WorkerExitedEvent;
import io.github.bootcluster.event.WorkerRespawnSuppressedEvent;
import io.github.bootcluster.wire.Failure;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.Operation;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Promises on groups of workers: started, supervised, restarted and scaled each for
 * itself, or all together.
 */
class GroupsTests {

	private static final String DEFAULT = ClusterWorker.DEFAULT_GROUP;

	private static final String JOBS = "jobs";

	private static final WorkerGroup ONE_JOB = new WorkerGroup(JOBS, 1);

	private static final Duration SOAK = Duration.ofSeconds(10);

	private TestCluster cluster = TestCluster.grouped(2, 1, Duration.ZERO, ONE_JOB);

	@AfterEach
	void close() {
		this.cluster.close();
	}

	@Test
	void eachGroupCountsItsSlotsFromOneAndIdsAreCountedOverAll() {
		this.cluster.startAll();
		assertThat(this.cluster.status().workers()).extracting(ClusterWorker::group, ClusterWorker::slot)
			.containsExactlyInAnyOrder(tuple(DEFAULT, 1), tuple(DEFAULT, 2), tuple(JOBS, 1));
		assertThat(this.cluster.status().workers()).extracting(ClusterWorker::id).doesNotHaveDuplicates();
		assertThat(this.cluster.status().slots()).extracting(SlotStatus::group, SlotStatus::number)
			.containsExactly(tuple(DEFAULT, 1), tuple(DEFAULT, 2), tuple(JOBS, 1));
		assertThat(this.cluster.status().wanted()).isEqualTo(3);
		assertThat(this.cluster.events(ClusterStartedEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.getStatus().slots()).extracting(SlotStatus::group).contains(JOBS));
	}

	@Test
	void masterHasStartedOnceAWorkerOfEachGroupIsReady() {
		this.cluster.start();
		FakeWorker first = this.cluster.worker(1);
		assertThat(this.cluster.alive()).containsExactly(first);
		this.cluster.ready(first);
		assertThat(this.cluster.started()).isNotDone();
		assertThat(this.cluster.starting()).singleElement().extracting(FakeWorker::group).isEqualTo(JOBS);
		assertThat(this.cluster.cluster().scale(1).toCompletableFuture()).as("not started yet").isNotCompleted();
		this.cluster.run();
		this.cluster.ready(this.cluster.worker(2));
		assertThat(this.cluster.started()).isCompleted();
		assertThat(this.cluster.alive()).hasSize(3);
	}

	@Test
	void groupsStartInTheirOrderWhetherTheApplicationHasRunBeforeOrNot() {
		this.cluster.generations().haveRunBefore();
		this.cluster.start();
		assertThat(this.cluster.starting()).extracting(FakeWorker::group).containsOnly(ClusterWorker.DEFAULT_GROUP);
		this.cluster.ready(this.cluster.worker(1));
		assertThat(this.cluster.started()).isNotDone();
		assertThat(this.cluster.starting()).extracting(FakeWorker::group).contains(JOBS);
		this.cluster.readyAll();
		assertThat(this.cluster.started()).isCompleted();
	}

	@Test
	void groupWhoseFirstWorkerFailsEndsTheStart() {
		this.cluster.start();
		this.cluster.ready(this.cluster.worker(1));
		FakeWorker job = this.cluster.worker(2);
		job.say("no queue");
		this.cluster.crash(job, 1);
		assertThat(this.cluster.started()).isCompletedExceptionally();
		assertThat(this.cluster.started().handle((done, failure) -> failure).join())
			.isInstanceOf(FirstWorkerFailedException.class)
			.hasMessageContaining("exited with code 1");
		assertThat(this.cluster.attempts()).as("no retry").isEqualTo(2);
		CompletableFuture<Void> stopped = this.cluster.stop();
		this.cluster.obey();
		assertThat(stopped).isCompleted();
	}

	@Test
	void workerThatDiesWhileAnotherGroupStartsIsReplaced() {
		this.cluster.start();
		FakeWorker first = this.cluster.worker(1);
		this.cluster.ready(first);
		this.cluster.crash(first, 1);
		assertThat(this.cluster.started()).isNotDone();
		this.cluster.ready(this.cluster.worker(2));
		assertThat(this.cluster.started()).isCompleted();
		this.cluster.advance(Duration.ofSeconds(2));
		this.cluster.readyAll();
		assertThat(this.cluster.alive(DEFAULT)).hasSize(2);
	}

	@Test
	void deadWorkerIsReplacedInItsGroupAndSlot() {
		this.cluster.startAll();
		FakeWorker victim = this.cluster.alive(JOBS).get(0);
		this.cluster.crash(victim, 1);
		this.cluster.readyAll();
		assertThat(this.cluster.alive(JOBS)).singleElement().satisfies((worker) -> {
			assertThat(worker.slot()).isOne();
			assertThat(worker.id()).isEqualTo(4);
		});
		assertThat(this.cluster.alive(DEFAULT)).hasSize(2);
		assertThat(this.cluster.events(WorkerExitedEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.getWorker().group()).isEqualTo(JOBS));
	}

	@Test
	void slotThatIsGivenUpLeavesTheOtherGroupsInPeace() {
		this.cluster.startAll();
		this.cluster.crash(this.cluster.alive(JOBS).get(0), 1);
		for (int i = 0; i < 3; i++) {
			this.cluster.starting().forEach((worker) -> this.cluster.crash(worker, 1));
			this.cluster.advance(Duration.ofSeconds(30));
		}
		assertThat(this.cluster.alive(JOBS)).isEmpty();
		assertThat(this.cluster.status().slots()).filteredOn(SlotStatus::givenUp)
			.singleElement()
			.extracting(SlotStatus::group)
			.isEqualTo(JOBS);
		assertThat(this.cluster.alive(DEFAULT)).hasSize(2);
		assertThat(this.cluster.events(WorkerRespawnSuppressedEvent.class)).singleElement()
			.satisfies((event) -> assertThat(event.getWorker().group()).isEqualTo(JOBS));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void restartReplacesOneGroupAfterAnother(int surge) {
		this.cluster = TestCluster.grouped(2, surge, Duration.ZERO, new WorkerGroup(JOBS, 2),
				new WorkerGroup("mail", 1));
		this.cluster.startAll();
		RollingRestart restart = this.cluster.restart();
		assertThat(restart.status().total()).isEqualTo(5);
		for (int round = 0; round < 20 && restart.status().state() == RestartState.RUNNING; round++) {
			assertThat(this.cluster.forked()
				.stream()
				.filter((worker) -> !settled(worker))
				.map(FakeWorker::group)
				.distinct()).hasSizeLessThanOrEqualTo(1);
			this.cluster.readyAll();
			this.cluster.obey();
		}
		assertThat(restart.status().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(restart.status().replaced()).isEqualTo(5);
		assertThat(this.cluster.alive()).hasSize(5).allMatch((worker) -> worker.generation() == 2);
		assertThat(this.cluster.mostProcesses()).isEqualTo(5 + Math.min(surge, 2));
		assertThat(this.cluster.generations().kept()).containsExactly(2);
	}

	private boolean settled(FakeWorker worker) {
		return List.of(WorkerState.READY, WorkerState.EXITED).contains(this.cluster.state(worker));
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void restartByNameLeavesTheOtherGroupsAlone(int surge) {
		this.cluster = TestCluster.grouped(2, surge, Duration.ZERO, ONE_JOB);
		this.cluster.startAll();
		List<FakeWorker> others = this.cluster.alive(DEFAULT);
		RollingRestart restart = this.cluster.restart(JOBS);
		finish();
		assertThat(restart.status().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(restart.status().total()).isOne();
		assertThat(this.cluster.alive(DEFAULT)).isEqualTo(others);
		assertThat(this.cluster.alive(JOBS)).singleElement().extracting(FakeWorker::generation).isEqualTo(2);
		assertThat(this.cluster.generations().kept()).as("what each group runs").containsExactly(1, 2);
		this.cluster.crash(others.get(0), 1);
		this.cluster.scale(3);
		this.cluster.readyAll();
		assertThat(this.cluster.alive(DEFAULT)).as("each group keeps its own generation")
			.hasSize(3)
			.allMatch((worker) -> worker.generation() == 1);
	}

	@Test
	void restartByNameOfTheDefaultGroup() {
		this.cluster.startAll();
		this.cluster.restart(DEFAULT);
		finish();
		assertThat(this.cluster.alive(DEFAULT)).hasSize(2).allMatch((worker) -> worker.generation() == 2);
		assertThat(this.cluster.alive(JOBS)).allMatch((worker) -> worker.generation() == 1);
	}

	private void finish() {
		for (int round = 0; round < 10; round++) {
			this.cluster.readyAll();
			this.cluster.obey();
		}
	}

	@Test
	void unknownGroupIsRefusedAndTheKnownOnesAreNamed() {
		this.cluster.startAll();
		UnknownGroupException failure = failure(this.cluster.cluster().restart("jobz").toCompletableFuture());
		assertThat(failure).hasMessage("There is no group 'jobz' of workers, only default, jobs");
		assertThat(failure.getGroup()).isEqualTo("jobz");
		assertThat(failure.getKnown()).containsExactly(DEFAULT, JOBS);
		assertThat(this.<UnknownGroupException>failure(this.cluster.cluster().scale("jobz", 2).toCompletableFuture()))
			.hasMessage(failure.getMessage());
		assertThat(this.cluster.status().restart()).isNull();
	}

	@SuppressWarnings("unchecked")
	private <T extends Throwable> T failure(CompletableFuture<?> future) {
		this.cluster.run();
		assertThat(future).isCompletedExceptionally();
		return (T) future.handle((done, ex) -> (ex instanceof CompletionException) ? ex.getCause() : ex).join();
	}

	@Test
	void workerIsAnsweredThatThereIsNoSuchGroup() {
		this.cluster.startAll();
		FakeWorker asking = this.cluster.worker(1);
		this.cluster.send(asking, new Frame.Request(7, new Operation.Restart("jobz", false)));
		this.cluster.send(asking, new Frame.Request(8, new Operation.Scale("jobz", 2)));
		assertThat(asking.connection().sent()).filteredOn(Frame.Failed.class::isInstance)
			.containsExactly(new Frame.Failed(7, Failure.of(new UnknownGroupException("jobz", List.of(DEFAULT, JOBS)))),
					new Frame.Failed(8, Failure.of(new UnknownGroupException("jobz", List.of(DEFAULT, JOBS)))));
	}

	@Test
	void groupThatCannotStartAnewTakesTheGroupsBeforeItBack() {
		this.cluster = TestCluster.grouped(1, 1, Duration.ZERO, ONE_JOB, new WorkerGroup("mail", 1));
		this.cluster.startAll();
		FakeWorker job = this.cluster.alive(JOBS).get(0);
		FakeWorker mail = this.cluster.alive("mail").get(0);
		RollingRestart restart = this.cluster.restart();
		this.cluster.readyAll();
		this.cluster.obey();
		FakeWorker broken = this.cluster.starting().get(0);
		assertThat(broken.group()).isEqualTo(JOBS);
		this.cluster.crash(broken, 1);
		RestartStatus status = restart.status();
		assertThat(status.state()).isEqualTo(RestartState.ABORTED);
		assertThat(status.reason()).isEqualTo(
				"worker %d exited with code 1; group default is rolled back to generation 1".formatted(broken.id()));
		assertThat(status.replaced()).isOne();
		assertThat(this.cluster.alive()).contains(job, mail);
		finish();
		assertThat(this.cluster.alive()).hasSize(3).contains(job, mail);
		assertThat(this.cluster.alive(DEFAULT)).singleElement().extracting(FakeWorker::generation).isEqualTo(1);
		this.cluster.advance(Duration.ofMinutes(1));
		assertThat(this.cluster.alive()).as("nothing goes on").hasSize(3);
	}

	@Test
	void eachGroupHasACanaryOfItsOwn() {
		this.cluster = TestCluster.grouped(1, 1, SOAK, new WorkerGroup(JOBS, 2));
		this.cluster.startAll();
		RollingRestart restart = this.cluster.restart();
		this.cluster.readyAll();
		assertThat(this.cluster.starting()).as("the first group is on trial").isEmpty();
		this.cluster.advance(SOAK);
		this.cluster.obey();
		FakeWorker canary = this.cluster.starting().get(0);
		assertThat(canary.group()).isEqualTo(JOBS);
		this.cluster.ready(canary);
		assertThat(this.cluster.starting()).as("the second group is on trial").isEmpty();
		this.cluster.send(canary, new Frame.Health(false, "queue: DOWN"));
		assertThat(restart.status().state()).isEqualTo(RestartState.ABORTED);
		assertThat(restart.status().reason())
			.isEqualTo("worker %d is not healthy: queue: DOWN; group default is rolled back to generation 1"
				.formatted(canary.id()));
		finish();
		assertThat(this.cluster.alive(JOBS)).hasSize(2).allMatch((worker) -> worker.generation() == 1);
		assertThat(this.cluster.alive(DEFAULT)).hasSize(1).allMatch((worker) -> worker.generation() == 1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void groupOfAWorkerThatWaitsForTheEndComesLast(int surge) {
		this.cluster = TestCluster.grouped(2, surge, Duration.ZERO, ONE_JOB);
		this.cluster.startAll();
		FakeWorker waiter = this.cluster.alive(DEFAULT).get(0);
		this.cluster.send(waiter, new Frame.Request(5, new Operation.Restart(null, true)));
		assertThat(this.cluster.alive(JOBS)).anyMatch((worker) -> !settled(worker));
		for (int round = 0; round < 10; round++) {
			this.cluster.readyAll();
			this.cluster.draining()
				.stream()
				.filter((worker) -> worker != waiter)
				.toList()
				.forEach((worker) -> this.cluster.crash(worker, 0));
		}
		assertThat(this.cluster.status().restart()).extracting(RestartStatus::state).isEqualTo(RestartState.COMPLETED);
		assertThat(this.cluster.draining()).containsExactly(waiter);
		this.cluster.obey();
		assertThat(this.cluster.alive()).hasSize(3).allMatch((worker) -> worker.generation() == 2);
	}

	@Test
	void workerThatWaitsForTheEndOfAnotherGroupsRestartStays() {
		this.cluster.startAll();
		FakeWorker waiter = this.cluster.alive(DEFAULT).get(0);
		this.cluster.send(waiter, new Frame.Request(5, new Operation.Restart(JOBS, true)));
		finish();
		assertThat(this.cluster.status().restart()).extracting(RestartStatus::state).isEqualTo(RestartState.COMPLETED);
		assertThat(waiter.connection().sent()).filteredOn(Frame.Status.class::isInstance)
			.map((frame) -> ((Frame.Status) frame).status().restart())
			.filteredOn((restart) -> restart != null && restart.state() == RestartState.COMPLETED)
			.isNotEmpty();
		assertThat(this.cluster.state(waiter)).isEqualTo(WorkerState.READY);
	}

	@Test
	void workerThatWaitedForARestartThatFailedStaysAndItsSuccessorGoes() {
		this.cluster.startAll();
		FakeWorker waiter = this.cluster.alive(DEFAULT).get(0);
		this.cluster.send(waiter, new Frame.Request(5, new Operation.Restart(null, true)));
		for (int round = 0; round < 4; round++) {
			this.cluster.starting()
				.stream()
				.filter((worker) -> worker.slot() != 1 || worker.group().equals(JOBS))
				.toList()
				.forEach(this.cluster::ready);
			this.cluster.obey();
		}
		FakeWorker successor = this.cluster.starting().get(0);
		assertThat(successor.slot()).isEqualTo(waiter.slot());
		this.cluster.crash(this.cluster.alive(JOBS).get(0), 1);
		this.cluster.ready(successor);
		this.cluster.crash(this.cluster.starting().get(0), 1);
		assertThat(this.cluster.status().restart()).extracting(RestartStatus::state).isEqualTo(RestartState.ABORTED);
		assertThat(this.cluster.draining()).contains(successor).doesNotContain(waiter);
		assertThat(waiter.connection().sent()).noneMatch(Frame.Drain.class::isInstance)
			.filteredOn(Frame.Status.class::isInstance)
			.map((frame) -> ((Frame.Status) frame).status().restart())
			.anyMatch((last) -> last != null && last.state() == RestartState.ABORTED);
		this.cluster.advance(Duration.ofSeconds(5));
		finish();
		assertThat(this.cluster.alive()).hasSize(3).contains(waiter).allMatch((worker) -> worker.generation() == 1);
	}

	@Test
	void groupIsScaledByItself() {
		this.cluster.startAll();
		assertThat(scale(JOBS, 3)).isCompletedWithValue(new ScaleOutcome(3, 1));
		this.cluster.readyAll();
		assertThat(this.cluster.alive(JOBS)).extracting(FakeWorker::slot).containsExactlyInAnyOrder(1, 2, 3);
		assertThat(this.cluster.scale(3)).isCompletedWithValue(new ScaleOutcome(3, 2));
		assertThat(this.cluster.status().slots()).extracting(SlotStatus::group)
			.containsExactly(DEFAULT, DEFAULT, DEFAULT, JOBS, JOBS, JOBS);
		assertThat(scale(JOBS, 1)).isCompletedWithValue(new ScaleOutcome(1, 3));
		assertThat(this.cluster.draining()).extracting(FakeWorker::slot).containsExactlyInAnyOrder(2, 3);
		assertThat(this.cluster.draining()).extracting(FakeWorker::group).containsOnly(JOBS);
		this.cluster.supervisor().scaleBy(1, "signal TTIN");
		this.cluster.run();
		assertThat(this.cluster.status().slots()).extracting(SlotStatus::group)
			.containsExactly(DEFAULT, DEFAULT, DEFAULT, DEFAULT, JOBS);
	}

	@Test
	void workersOfAllGroupsCountForTheLimits() {
		this.cluster.startAll();
		assertThat(this.<ScaleRefusedException>failure(scale(JOBS, 1023)))
			.hasMessage("workers is 1023, allowed is a whole number from 1 to 1022");
		assertThat(this.<ScaleRefusedException>failure(scale(JOBS, 99)).getMessage())
			.startsWith("workers is 99, which is too many");
		assertThat(scale(JOBS, 98)).isCompletedWithValue(new ScaleOutcome(98, 1));
	}

	private CompletableFuture<ScaleOutcome> scale(String group, int workers) {
		CompletableFuture<ScaleOutcome> scaled = this.cluster.cluster().scale(group, workers).toCompletableFuture();
		this.cluster.run();
		return scaled;
	}

	@Test
	void groupThatIsScaledWhileItIsRestartedCountsAsIfItWasSoFromTheBeginning() {
		this.cluster.startAll();
		RollingRestart restart = this.cluster.restart();
		scale(JOBS, 2);
		assertThat(restart.status().total()).isEqualTo(4);
		finish();
		assertThat(restart.status().state()).isEqualTo(RestartState.COMPLETED);
		assertThat(this.cluster.alive()).hasSize(4).allMatch((worker) -> worker.generation() == 2);
	}

	@Test
	void logTellsTheGroupOfAWorker() {
		this.cluster.startAll();
		assertThat(Slot.describe(DEFAULT, 2)).isEqualTo("slot 2");
		assertThat(Slot.describe(JOBS, 2)).isEqualTo("slot 2 of group jobs");
		assertThat(WorkerGroup.workerName(DEFAULT, 2)).isEqualTo("worker-2");
		assertThat(WorkerGroup.workerName(JOBS, 2)).isEqualTo("jobs-2");
	}

	@Test
	void allGroupsEndTogether() {
		this.cluster.startAll();
		CompletableFuture<Void> stopped = this.cluster.stop();
		assertThat(this.cluster.draining()).hasSize(3);
		this.cluster.obey();
		assertThat(stopped).isCompleted();
	}

}
