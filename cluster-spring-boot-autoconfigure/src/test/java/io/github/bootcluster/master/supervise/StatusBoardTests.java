package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ClusterFigures.Connections;
import io.github.bootcluster.ClusterFigures.Restarts;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.TestControlConnection;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class StatusBoardTests {

	private static final Duration GATHERING = Duration.ofMillis(20);

	private static final Duration FIGURES = Duration.ofSeconds(2);

	private final HandTurnedThread thread = new HandTurnedThread();

	private final List<TestControlConnection> readers = new ArrayList<>(List.of(new TestControlConnection(1)));

	private final StatusBoard board = new StatusBoard(this.thread,
			() -> this.readers.stream().map(TestControlConnection::connection), status(1));

	@Test
	void statusIsKnownAtOnce() {
		assertThat(this.board.status()).isEqualTo(status(1));
		this.board.update(status(2));
		assertThat(this.board.status()).isEqualTo(status(2));
	}

	@Test
	void changesAreToldTogetherAfterAMoment() {
		this.board.update(status(2));
		this.board.update(status(3));
		assertThat(told(0)).isEmpty();
		this.thread.advance(GATHERING);
		assertThat(told(0)).containsExactly(status(3));
	}

	@Test
	void whatIsEqualIsNoChange() {
		this.board.update(status(1));
		assertThat(this.thread.pendingTimers()).isZero();
	}

	@Test
	void eachChangeAfterwardsIsToldAgain() {
		this.board.update(status(2));
		this.thread.advance(GATHERING);
		this.board.update(status(3));
		this.thread.advance(GATHERING);
		assertThat(told(0)).containsExactly(status(2), status(3));
		assertThat(this.thread.pendingTimers()).isZero();
	}

	@Test
	void whoComesWhileChangesAreGatheredIsTold() {
		this.board.update(status(2));
		this.readers.add(new TestControlConnection(2));
		this.thread.advance(GATHERING);
		assertThat(told(1)).containsExactly(status(2));
	}

	@Test
	void readerThatHasGoneDisturbsNobody() {
		this.readers.add(new TestControlConnection(2));
		this.readers.get(0).connection().close();
		this.board.update(status(2));
		this.thread.advance(GATHERING);
		assertThat(told(1)).containsExactly(status(2));
	}

	@Test
	void figuresAloneAreGatheredForLonger() {
		this.board.update(status(2, 100));
		this.thread.advance(GATHERING);
		this.board.update(status(2, 200));
		this.thread.advance(FIGURES.minusMillis(1));
		this.board.update(status(2, 300));
		assertThat(told(0)).containsExactly(status(2, 100));
		assertThat(this.board.status()).isEqualTo(status(2, 300));
		this.thread.advance(Duration.ofMillis(1));
		assertThat(told(0)).containsExactly(status(2, 100), status(2, 300));
		assertThat(this.thread.pendingTimers()).isZero();
	}

	@Test
	void figuresOfTheMasterAloneAreGatheredForLonger() {
		ClusterStatus counted = new ClusterStatus(1, 1, 1,
				new ClusterFigures(1, 0, Map.of(), Restarts.NONE, Restarts.NONE, new Connections(5, 4, 0, 0, 1)),
				List.of(), List.of(), null);
		this.board.update(counted);
		this.thread.advance(FIGURES.minusMillis(1));
		assertThat(told(0)).isEmpty();
		this.thread.advance(Duration.ofMillis(1));
		assertThat(told(0)).containsExactly(counted);
	}

	@Test
	void changeOfMoreThanFiguresTakesTheFiguresAlong() {
		this.board.update(status(2, 100));
		this.thread.advance(GATHERING);
		this.board.update(status(2, 200));
		this.board.update(status(3, 200));
		this.board.update(status(3, 300));
		this.thread.advance(GATHERING);
		assertThat(told(0)).containsExactly(status(2, 100), status(3, 300));
		this.thread.advance(FIGURES.multipliedBy(2));
		assertThat(told(0)).hasSize(2);
	}

	@Test
	void manyWorkersAreToldFiguresRarely() {
		assertThat(StatusBoard.figuresGathering(4)).isEqualTo(FIGURES);
		assertThat(StatusBoard.figuresGathering(200)).isEqualTo(FIGURES);
		assertThat(StatusBoard.figuresGathering(1024)).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(60));
	}

	private static ClusterStatus status(int generation, long requests) {
		return new ClusterStatus(1, generation, 1, ClusterFigures.NONE,
				List.of(new ClusterWorker(1, ClusterWorker.DEFAULT_GROUP, 1, 7, WorkerState.READY, 1, Instant.EPOCH,
						Instant.EPOCH, new WorkerVitals(requests, 0, 0, 0, true, Duration.ZERO, 0), requests, null)),
				List.of(), null);
	}

	private List<ClusterStatus> told(int reader) {
		return this.readers.get(reader).sent(Frame.Status.class).stream().map(Frame.Status::status).toList();
	}

	private static ClusterStatus status(int generation) {
		return new ClusterStatus(1, generation, 1, ClusterFigures.NONE, List.of(), List.of(), null);
	}

}
