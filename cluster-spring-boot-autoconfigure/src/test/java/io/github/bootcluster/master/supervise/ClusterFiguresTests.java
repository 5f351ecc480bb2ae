package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.Map;

import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ClusterFigures.Restarts;
import io.github.bootcluster.ExitKind;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.wire.Frame;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what the supervisor counts, with fake workers and a clock that is turned by
 * hand.
 */
class ClusterFiguresTests {

	private TestCluster cluster = TestCluster.of(2);

	@AfterEach
	void close() {
		this.cluster.close();
	}

	@Test
	void nothingIsCountedBeforeTheStart() {
		assertThat(figures()).isEqualTo(ClusterFigures.NONE);
	}

	@Test
	void firstWorkerOfASlotIsForkedAndNotRespawned() {
		this.cluster.startAll();
		assertThat(figures().forks()).isEqualTo(2);
		assertThat(figures().respawns()).isZero();
		assertThat(figures().exits()).isEmpty();
	}

	@Test
	void workerThatTakesThePlaceOfADeadOneIsRespawned() {
		this.cluster.startAll();
		this.cluster.crash(this.cluster.worker(1), 137);
		assertThat(figures().exits()).isEqualTo(Map.of(ExitKind.SIGNAL, 1L));
		assertThat(figures().forks()).isEqualTo(3);
		assertThat(figures().respawns()).isOne();
		this.cluster.readyAll();
		this.cluster.crash(this.cluster.worker(2), 1);
		assertThat(figures().exits()).isEqualTo(Map.of(ExitKind.SIGNAL, 1L, ExitKind.EXIT_CODE, 1L));
		assertThat(figures().respawns()).isEqualTo(2);
	}

	@Test
	void respawnIsCountedOnceItHasHappened() {
		this.cluster.startAll();
		this.cluster.failForks("no memory");
		this.cluster.crash(this.cluster.worker(1), 1);
		assertThat(figures().forks()).isEqualTo(2);
		assertThat(figures().respawns()).isZero();
		this.cluster.failForks(null);
		this.cluster.advance(Duration.ofSeconds(30));
		assertThat(figures().forks()).isEqualTo(3);
		assertThat(figures().respawns()).isOne();
	}

	@Test
	void workerThatReplacesOneThatSomebodyElseHasToldToEndIsRespawned() {
		this.cluster.startAll();
		this.cluster.send(this.cluster.worker(1), new Frame.Draining());
		this.cluster.advance(WorkerHandle.SIGNAL_SPREAD);
		assertThat(figures().forks()).isEqualTo(3);
		assertThat(figures().respawns()).isOne();
		this.cluster.crash(this.cluster.worker(1), 143);
		assertThat(figures().respawns()).isOne();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1 })
	void restartRespawnsNobody(int surge) {
		this.cluster = new TestCluster(2, surge, 2, 10).startAll();
		finish(this.cluster.restart());
		assertThat(figures().forks()).isEqualTo(4);
		assertThat(figures().respawns()).isZero();
		assertThat(figures().exits()).isEqualTo(Map.of(ExitKind.VOLUNTARY, 2L));
	}

	@Test
	void workersThatAreScaledUpAreNotRespawned() {
		this.cluster.startAll();
		this.cluster.crash(this.cluster.worker(2), 1);
		this.cluster.readyAll();
		this.cluster.scale(1);
		this.cluster.obey();
		this.cluster.scale(2);
		assertThat(figures().forks()).isEqualTo(4);
		assertThat(figures().respawns()).isOne();
	}

	@Test
	void restartsAreCountedByOutcomeWithTheirDuration() {
		this.cluster.startAll();
		RollingRestart first = this.cluster.restart();
		assertThat(figures().completedRestarts()).isEqualTo(Restarts.NONE);
		this.cluster.advance(Duration.ofSeconds(7));
		finish(first);
		assertThat(figures().completedRestarts()).isEqualTo(new Restarts(1, Duration.ofSeconds(7)));
		RollingRestart second = this.cluster.restart();
		this.cluster.advance(Duration.ofSeconds(2));
		finish(second);
		assertThat(figures().completedRestarts()).isEqualTo(new Restarts(2, Duration.ofSeconds(9)));
		this.cluster.restart();
		this.cluster.advance(Duration.ofSeconds(3));
		this.cluster.starting().forEach((worker) -> this.cluster.crash(worker, 1));
		assertThat(figures().completedRestarts().count()).isEqualTo(2);
		assertThat(figures().abortedRestarts()).isEqualTo(new Restarts(1, Duration.ofSeconds(3)));
	}

	private void finish(RollingRestart restart) {
		for (int step = 0; step < 10; step++) {
			this.cluster.readyAll();
			this.cluster.obey();
		}
		assertThat(restart.completion().toCompletableFuture()).isCompleted();
	}

	private ClusterFigures figures() {
		return this.cluster.status().figures();
	}

}
