package io.github.bootcluster.actuate;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ExitKind;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.SlotStatus;
import io.github.bootcluster.WorkerState;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;

class ClusterHealthIndicatorTests {

	private static final Instant NOW = FakeCluster.FORKED_AT.plusSeconds(10);

	private static final SlotStatus.LastExit CRASH = new SlotStatus.LastExit(7, ExitKind.EXIT_CODE, false,
			"exited with code 1", null, NOW);

	private final FakeCluster cluster = new FakeCluster();

	private final ClusterHealthIndicator indicator = new ClusterHealthIndicator(this.cluster);

	private final List<SlotStatus> slots = new ArrayList<>();

	@BeforeEach
	void empty() {
		this.cluster.all.clear();
		this.cluster.slots = this.slots;
	}

	@Test
	void clusterIsUpWhenEverySlotHasAWorkerThatIsReady() {
		slot(false, 0, WorkerState.READY);
		slot(false, 0, WorkerState.READY);
		assertThat(health().getStatus()).isEqualTo(Status.UP);
		assertThat(health().getDetails()).containsEntry("wanted", 2)
			.containsEntry("ready", 2L)
			.doesNotContainKey("reasons");
	}

	@Test
	void detailsTellOfEveryWorker() {
		slot(false, 0, WorkerState.READY);
		slot(false, 0, WorkerState.LISTENING);
		assertThat(health().getDetails()).extractingByKey("workers")
			.asInstanceOf(InstanceOfAssertFactories.list(WorkerDescriptor.class))
			.extracting(WorkerDescriptor::slot, WorkerDescriptor::state)
			.containsExactly(Tuple.tuple(1, WorkerState.READY), Tuple.tuple(2, WorkerState.LISTENING));
	}

	@ParameterizedTest
	@EnumSource(names = { "FORKED", "ONLINE", "LISTENING", "DRAINING" }, mode = Mode.INCLUDE)
	void clusterThatStartsOrReplacesAWorkerIsUp(WorkerState state) {
		slot(false, 0, WorkerState.READY);
		slot(false, 0, state);
		assertThat(health().getStatus()).isEqualTo(Status.UP);
		assertThat(health().getDetails()).containsEntry("ready", 1L);
	}

	@Test
	void slotWhoseTurnHasNotComeYetIsNoFault() {
		slot(false, 0, WorkerState.READY);
		slot(false, 0);
		assertThat(health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void slotThatIsGivenUpIsADetailWhileOthersServe() {
		slot(false, 0, WorkerState.READY);
		slot(true, 10);
		assertTold(Status.UP, "slot 2 is given up after 10 workers in a row died early: worker 7 exited with code 1");
	}

	@Test
	void slotThatIsTakenUpAgainIsNone() {
		slot(true, 10, WorkerState.READY);
		assertThat(health().getStatus()).isEqualTo(Status.UP);
	}

	@ParameterizedTest
	@EnumSource(names = { "FORKED", "ONLINE", "LISTENING" })
	void slotWhoseWorkersKeepDyingIsAReasonAlsoWhileTheNextStarts(WorkerState state) {
		slot(false, 1, state);
		slot(false, 3);
		assertTold(Status.DOWN,
				"slot 1 has no worker that is ready, 1 in a row died early: worker 7 exited with code 1",
				"slot 2 has no worker that is ready, 3 in a row died early: worker 7 exited with code 1");
	}

	@Test
	void slotWhoseWorkerIsReadyAfterEarlyDeathsIsNone() {
		slot(false, 3, WorkerState.READY);
		slot(false, 3, WorkerState.DRAINING, WorkerState.READY);
		assertThat(health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void workerThatServedAndMakesRoomForItsSuccessorIsNoReason() {
		slot(false, 1, WorkerState.DRAINING);
		assertThat(health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void restartThatWasAbortedIsADetailAsTheServiceServes() {
		slot(false, 0, WorkerState.READY);
		this.cluster.restart = restart(RestartState.ABORTED, "worker 3 exited with code 1");
		assertTold(Status.UP, "the last rolling restart r1 was aborted: worker 3 exited with code 1");
	}

	@ParameterizedTest
	@EnumSource(names = "ABORTED", mode = Mode.EXCLUDE)
	void restartThatRunsOrIsCompleteIsNone(RestartState state) {
		slot(false, 0, WorkerState.READY);
		this.cluster.restart = restart(state, null);
		assertThat(health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void allReasonsAreToldTogether() {
		slot(true, 10);
		slot(false, 2);
		this.cluster.restart = restart(RestartState.ABORTED, "why");
		assertThat(health().getDetails()).extractingByKey("reasons")
			.asInstanceOf(InstanceOfAssertFactories.LIST)
			.hasSize(3);
	}

	@Test
	void nothingIsKnownBeforeTheMasterHasToldAnything() {
		this.cluster.available = false;
		assertThat(health().getStatus()).isEqualTo(Status.UNKNOWN);
		assertThat(health().getDetails()).containsEntry("reasons", List.of("The master has not told anything yet"));
	}

	@Test
	void clusterIsDownWhenNoWorkerIsReadyAndAllSlotsAreGivenUp() {
		slot(true, 10);
		slot(true, 10);
		assertThat(health().getStatus()).isEqualTo(Status.DOWN);
	}

	@Test
	void clusterThatStartsAfterAnAbortedRestartIsNotDown() {
		slot(false, 0, WorkerState.LISTENING);
		this.cluster.restart = restart(RestartState.ABORTED, "why");
		assertThat(health().getStatus()).isEqualTo(Status.UP);
	}

	private void assertTold(Status status, String... reasons) {
		assertThat(health().getStatus()).isEqualTo(status);
		assertThat(health().getDetails()).containsEntry("reasons", List.of(reasons));
	}

	private Health health() {
		return this.indicator.health();
	}

	private void slot(boolean givenUp, int earlyDeaths, WorkerState... workers) {
		int number = this.slots.size() + 1;
		this.slots.add(new SlotStatus(ClusterWorker.DEFAULT_GROUP, number, givenUp, earlyDeaths,
				(earlyDeaths > 0) ? CRASH : null));
		for (WorkerState state : workers) {
			Instant readyAt = state.isStarting() ? null : NOW;
			this.cluster.all.add(new ClusterWorker(10 + number, ClusterWorker.DEFAULT_GROUP, number, 4711, state, 1,
					FakeCluster.FORKED_AT, readyAt, null, null, null));
		}
		this.cluster.wanted = number;
	}

	private static RestartStatus restart(RestartState state, @Nullable String reason) {
		return new RestartStatus("r1", state, 2, 0, 2, NOW, (state != RestartState.RUNNING) ? NOW : null, reason,
				List.of(), List.of());
	}

}
