package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.event.WorkerExitedEvent;
import io.github.bootcluster.event.WorkerRespawnSuppressedEvent;
import io.github.bootcluster.wire.Frame;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about workers that are replaced for having served long enough.
 */
class RecyclerTests {

	private static final RecyclePolicy BY_REQUESTS = new RecyclePolicy(10_000, 1000, Duration.ZERO, 0);

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static TestCluster cluster(int surge, RecyclePolicy policy) {
		return TestCluster.recycled(3, surge, policy).startAll();
	}

	private static void beat(TestCluster cluster, FakeWorker worker, long requests) {
		cluster.beat(worker, requests);
		cluster.advance(SECOND);
	}

	@Test
	void replacementIsReadyBeforeTheOldWorkerIsDrained() {
		try (TestCluster cluster = cluster(1, BY_REQUESTS)) {
			FakeWorker old = cluster.worker(2);
			beat(cluster, old, 9_999);
			assertThat(cluster.forked()).hasSize(3);
			beat(cluster, old, 10_000);
			FakeWorker replacement = cluster.worker(4);
			assertThat(replacement.slot()).isEqualTo(2);
			assertThat(replacement.generation()).isOne();
			assertThat(cluster.draining()).isEmpty();
			cluster.ready(replacement);
			assertThat(cluster.draining()).containsExactly(old);
			assertThat(old.connection().sent(Frame.Drain.class)).hasSize(1);
			cluster.obey();
			assertThat(cluster.readyCount()).isEqualTo(3);
			assertThat(cluster.fewestReady()).isEqualTo(3);
			assertThat(cluster.mostProcesses()).isEqualTo(4);
			assertThat(cluster.events(WorkerExitedEvent.class)).singleElement().satisfies((event) -> {
				assertThat(event.getExit().voluntary()).isTrue();
				assertThat(event.getExit().reason()).isEqualTo("exited with code 0 (recycled after 10,000 requests)");
			});
		}
	}

	@Test
	void workerThatSomebodyWantsToBeReplacedGivesWayToOneOfItsGeneration() {
		try (TestCluster cluster = TestCluster.of(2).startAll()) {
			FakeWorker old = cluster.worker(1);
			CompletableFuture<ClusterWorker> replaced = replace(cluster, 1);
			assertThat(replaced).isCompletedWithValueMatching((worker) -> worker.id() == 1);
			replace(cluster, 2);
			FakeWorker replacement = cluster.worker(3);
			assertThat(cluster.forked()).as("one after another").hasSize(3);
			assertThat(replacement.slot()).isEqualTo(1);
			assertThat(replacement.generation()).isOne();
			cluster.ready(replacement);
			cluster.obey();
			assertThat(old.isAlive()).isFalse();
			assertThat(cluster.worker(4).slot()).isEqualTo(2);
			cluster.ready(cluster.worker(4));
			cluster.obey();
			cluster.advance(Duration.ofMinutes(1));
			assertThat(cluster.forked()).as("once").hasSize(4);
			assertThat(cluster.fewestReady()).isEqualTo(2);
		}
	}

	@Test
	void workerWhoseReplacementDoesNotStartGoesOnAndIsNotReplacedLater() {
		try (TestCluster cluster = TestCluster.of(2).startAll()) {
			replace(cluster, 1);
			cluster.crash(cluster.worker(3), 1);
			cluster.advance(Duration.ofMinutes(5));
			assertThat(cluster.forked()).hasSize(3);
			assertThat(cluster.state(cluster.worker(1))).isEqualTo(WorkerState.READY);
		}
	}

	@Test
	void onlyAWorkerThatIsReadyCanBeReplaced() {
		try (TestCluster cluster = TestCluster.of(2).start()) {
			assertThat(replace(cluster, 1)).isCompletedExceptionally();
			assertThat(replace(cluster, 9)).isCompletedExceptionally();
		}
	}

	private static CompletableFuture<ClusterWorker> replace(TestCluster cluster, int worker) {
		CompletableFuture<ClusterWorker> replaced = cluster.cluster().replace(worker).toCompletableFuture();
		cluster.run();
		return replaced;
	}

	@Test
	void slotsThatAreExclusiveNeverHaveTwoWorkers() {
		try (TestCluster cluster = TestCluster.exclusive(2, BY_REQUESTS).startAll()) {
			FakeWorker old = cluster.worker(2);
			beat(cluster, old, 10_000);
			assertThat(cluster.draining()).containsExactly(old);
			cluster.advance(SECOND);
			assertThat(cluster.starting()).as("until the old one has ended").isEmpty();
			cluster.exit(old, 0);
			cluster.advance(SECOND);
			assertThat(cluster.starting()).extracting(FakeWorker::slot, FakeWorker::generation)
				.containsExactly(Tuple.tuple(2, 1));
			cluster.readyAll();
			assertThat(cluster.readyCount()).isEqualTo(2);
			assertThat(cluster.mostProcesses()).isEqualTo(2);
		}
	}

	@Test
	void eachWorkerDrawsItsOwnLimit() {
		TestCluster cluster = TestCluster.recycled(1, 1, BY_REQUESTS);
		cluster.draw(0.5);
		try (cluster) {
			FakeWorker worker = cluster.startAll().worker(1);
			beat(cluster, worker, 10_499);
			assertThat(cluster.forked()).hasSize(1);
			beat(cluster, worker, 10_500);
			assertThat(cluster.forked()).hasSize(2);
		}
	}

	@Test
	void neverTwoAreRecycledAtOnce() {
		try (TestCluster cluster = cluster(1, BY_REQUESTS)) {
			cluster.alive().forEach((worker) -> cluster.beat(worker, 20_000));
			cluster.advance(SECOND);
			assertThat(cluster.forked()).hasSize(4);
			cluster.readyAll();
			assertThat(cluster.forked()).as("while the first one drains").hasSize(4);
			cluster.obey();
			assertThat(cluster.forked()).hasSize(5);
			for (int i = 0; i < 3; i++) {
				cluster.readyAll();
				cluster.obey();
			}
			assertThat(cluster.forked()).hasSize(6);
			assertThat(cluster.alive()).extracting(FakeWorker::id).containsExactly(4, 5, 6);
			assertThat(cluster.fewestReady()).isEqualTo(3);
			assertThat(cluster.mostProcesses()).isEqualTo(4);
		}
	}

	@Test
	void ageIsCountedFromReadiness() {
		Duration lifetime = Duration.ofHours(1);
		try (TestCluster cluster = TestCluster.recycled(1, 1, new RecyclePolicy(0, 0, lifetime, 0))) {
			FakeWorker worker = cluster.start().worker(1);
			cluster.advance(Duration.ofSeconds(50));
			cluster.ready(worker);
			cluster.advance(lifetime.minus(SECOND.multipliedBy(2)));
			beat(cluster, worker, 0);
			assertThat(cluster.forked()).hasSize(1);
			beat(cluster, worker, 0);
			assertThat(cluster.forked()).hasSize(2);
			cluster.readyAll();
			cluster.obey();
			assertThat(cluster.events(WorkerExitedEvent.class)).singleElement()
				.satisfies((event) -> assertThat(event.getExit().reason())
					.endsWith("(recycled after 3,600 s of service)"));
		}
	}

	@Test
	void memoryAboveTheMaximumIsEnough() {
		try (TestCluster cluster = cluster(1, new RecyclePolicy(0, 0, Duration.ZERO, 512L << 20))) {
			FakeWorker worker = cluster.worker(1);
			worker.occupy(512L << 20);
			beat(cluster, worker, 0);
			assertThat(cluster.forked()).hasSize(3);
			assertThat(cluster.status().workers().get(0).memory()).isEqualTo(512L << 20);
			worker.occupy(600L << 20);
			beat(cluster, worker, 0);
			assertThat(cluster.forked()).hasSize(4);
			cluster.readyAll();
			cluster.obey();
			assertThat(cluster.events(WorkerExitedEvent.class)).singleElement()
				.satisfies((event) -> assertThat(event.getExit().reason())
					.endsWith("(recycled with 600 MB of resident memory)"));
		}
	}

	@Test
	void maximumThatIsTooLowForAnyWorkerDoesNotReplaceThemWithoutEnd() {
		try (TestCluster cluster = cluster(1, new RecyclePolicy(0, 0, Duration.ZERO, 1 << 20))) {
			FakeWorker worker = cluster.worker(1);
			worker.occupy(100 << 20);
			beat(cluster, worker, 0);
			FakeWorker replacement = cluster.worker(4);
			replacement.occupy(100 << 20);
			cluster.readyAll();
			cluster.obey();
			beat(cluster, replacement, 0);
			assertThat(cluster.forked()).hasSize(4);
			cluster.advance(TestCluster.HEALTHY_AFTER);
			beat(cluster, replacement, 0);
			assertThat(cluster.forked()).hasSize(5);
		}
	}

	@Test
	void replacementThatFailsIsTriedAgainLaterAndTheOldWorkerServesOn() {
		try (TestCluster cluster = cluster(1, BY_REQUESTS)) {
			FakeWorker old = cluster.worker(1);
			beat(cluster, old, 10_000);
			for (int i = 0; i < 5; i++) {
				int forks = cluster.forked().size();
				cluster.crash(cluster.worker(forks), 1);
				assertThat(cluster.forked()).as("none without a pause").hasSize(forks);
				assertThat(cluster.state(old)).isEqualTo(WorkerState.READY);
				cluster.advance(Duration.ofSeconds(30));
				assertThat(cluster.forked()).hasSize(forks + 1);
			}
			assertThat(cluster.status().slots().get(0).givenUp()).isFalse();
			cluster.readyAll();
			cluster.obey();
			assertThat(old.isAlive()).isFalse();
			assertThat(cluster.fewestReady()).isEqualTo(3);
			assertThat(cluster.status().slots().get(0).earlyDeaths()).isZero();
			assertThat(cluster.events(WorkerRespawnSuppressedEvent.class)).isEmpty();
		}
	}

	@Test
	void replacementThatCannotBeForkedIsTriedAgainLater() {
		try (TestCluster cluster = cluster(1, BY_REQUESTS)) {
			cluster.failForks("no memory");
			beat(cluster, cluster.worker(1), 10_000);
			int attempts = cluster.attempts();
			cluster.advance(Duration.ofMillis(999));
			assertThat(cluster.attempts()).isEqualTo(attempts);
			cluster.failForks(null);
			cluster.advance(SECOND);
			cluster.readyAll();
			cluster.obey();
			assertThat(cluster.worker(1).isAlive()).isFalse();
			assertThat(cluster.readyCount()).isEqualTo(3);
		}
	}

	@Test
	void oldWorkerThatDiesMeanwhileIsReplacedByItsReplacement() {
		try (TestCluster cluster = cluster(1, BY_REQUESTS)) {
			FakeWorker old = cluster.worker(1);
			beat(cluster, old, 10_000);
			cluster.crash(old, 1);
			cluster.readyAll();
			assertThat(cluster.forked()).hasSize(4);
			assertThat(cluster.readyCount()).isEqualTo(3);
			beat(cluster, cluster.worker(2), 10_000);
			assertThat(cluster.forked()).as("the next one's turn").hasSize(5);
		}
	}

	@Test
	void withoutSurgeTheOldWorkerGoesFirst() {
		try (TestCluster cluster = cluster(0, BY_REQUESTS)) {
			FakeWorker old = cluster.worker(1);
			beat(cluster, old, 10_000);
			beat(cluster, cluster.worker(2), 10_000);
			assertThat(cluster.draining()).containsExactly(old);
			assertThat(cluster.forked()).hasSize(3);
			cluster.obey();
			assertThat(cluster.forked()).hasSize(4);
			assertThat(cluster.draining()).as("until the replacement is ready").isEmpty();
			cluster.readyAll();
			assertThat(cluster.draining()).containsExactly(cluster.worker(2));
			assertThat(cluster.mostProcesses()).isEqualTo(3);
			assertThat(cluster.fewestReady()).isEqualTo(2);
		}
	}

	@Test
	void restartTakesOverFromAReplacementThatStarts() {
		try (TestCluster cluster = cluster(1, BY_REQUESTS)) {
			beat(cluster, cluster.worker(3), 10_000);
			FakeWorker replacement = cluster.worker(4);
			cluster.online(replacement);
			var restart = cluster.restart();
			assertThat(replacement.signals()).containsExactly("TERM");
			cluster.crash(replacement, 143);
			for (int i = 0; i < 6; i++) {
				cluster.readyAll();
				cluster.obey();
			}
			assertThat(restart.status().state()).isEqualTo(RestartState.COMPLETED);
			assertThat(cluster.alive()).hasSize(3).allMatch((worker) -> worker.generation() == 2);
			assertThat(cluster.fewestReady()).isEqualTo(3);
			assertThat(cluster.mostProcesses()).isEqualTo(4);
		}
	}

	@Test
	void restartTakesOverWhileTheOldWorkerDrains() {
		try (TestCluster cluster = cluster(1, BY_REQUESTS)) {
			beat(cluster, cluster.worker(3), 10_000);
			cluster.ready(cluster.worker(4));
			var restart = cluster.restart();
			for (int i = 0; i < 6; i++) {
				cluster.obey();
				cluster.readyAll();
			}
			assertThat(restart.status().state()).isEqualTo(RestartState.COMPLETED);
			assertThat(cluster.alive()).hasSize(3).allMatch((worker) -> worker.generation() == 2);
			assertThat(cluster.fewestReady()).isEqualTo(3);
		}
	}

	@Test
	void nothingIsRecycledWhileARestartRuns() {
		try (TestCluster cluster = cluster(1, BY_REQUESTS)) {
			cluster.restart();
			cluster.alive().stream().filter(FakeWorker::isOnline).forEach((worker) -> cluster.beat(worker, 20_000));
			cluster.advance(SECOND);
			assertThat(cluster.forked()).hasSize(4);
			assertThat(cluster.worker(4).generation()).isEqualTo(2);
		}
	}

	@Test
	void slotThatIsGivenUpHoldsNobodyBack() {
		try (TestCluster cluster = cluster(1, BY_REQUESTS)) {
			cluster.crash(cluster.worker(3), 1);
			for (int i = 0; i < 3; i++) {
				cluster.crash(cluster.worker(cluster.forked().size()), 1);
				cluster.advance(Duration.ofSeconds(30));
			}
			assertThat(cluster.status().slots().get(2).givenUp()).isTrue();
			int forks = cluster.forked().size();
			beat(cluster, cluster.worker(1), 10_000);
			assertThat(cluster.forked()).hasSize(forks + 1);
		}
	}

}
