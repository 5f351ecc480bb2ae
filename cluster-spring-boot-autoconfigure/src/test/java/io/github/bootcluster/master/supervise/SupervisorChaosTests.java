package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.TestFrames;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lets everything happen to a cluster in any order, always the same for a seed, and looks
 * for states that it must never be in and those that it does not find out of.
 */
@ExtendWith(SilentSupervision.class)
class SupervisorChaosTests {

	private static final int SEEDS = 75;

	private static final int STEPS = 150;

	/**
	 * Workers that have left within the last second: the master waits whether it is told
	 * to end, too.
	 */
	private static final int LEAVING = 8;

	private static final int WORKERS = 3;

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void clusterIsWholeAgainAfterAnything(int surge) {
		for (long seed = 0; seed < SEEDS; seed++) {
			Random random = new Random(seed);
			try (TestCluster cluster = new TestCluster(WORKERS, surge, 1 + random.nextInt(3), 1000).start()) {
				cluster.readyAll();
				for (int step = 0; step < STEPS; step++) {
					doAnything(cluster, random);
					assertThat(cluster).as("seed %d, step %d", seed, step).satisfies((it) -> assertLegal(it, surge));
				}
				settle(cluster);
				assertThat(cluster).as("seed %d", seed).satisfies(this::assertWhole);
			}
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void clusterStopsAfterAnything(int surge) {
		for (long seed = 0; seed < SEEDS; seed++) {
			Random random = new Random(seed);
			try (TestCluster cluster = new TestCluster(WORKERS, surge, 1 + random.nextInt(3), 1000).start()) {
				for (int step = 0; step < random.nextInt(STEPS); step++) {
					doAnything(cluster, random);
				}
				CompletableFuture<Void> stopped = cluster.stop();
				int forked = cluster.forked().size();
				for (int step = 0; step < STEPS && !stopped.isDone(); step++) {
					doAnything(cluster, random);
				}
				cluster.alive().forEach((worker) -> cluster.crash(worker, 0));
				assertThat(stopped).as("seed %d", seed).isCompleted();
				assertThat(cluster.forked()).as("seed %d", seed).hasSize(forked);
			}
		}
	}

	private void doAnything(TestCluster cluster, Random random) {
		cluster.failForks((random.nextInt(20) == 0) ? "no memory" : null);
		@Nullable FakeWorker any = any(cluster.alive(), random);
		@Nullable FakeWorker starting = any(cluster.starting(), random);
		@Nullable FakeWorker draining = any(cluster.draining(), random);
		switch (random.nextInt(16)) {
			case 0 -> crash(cluster, any);
			case 1 -> crash(cluster, starting);
			case 2 -> ifThere(any, (worker) -> cluster.exit(worker, 137));
			case 3 -> ifThere(any, cluster::disconnect);
			case 4 -> ifThere(any, (worker) -> cluster.send(worker, new Frame.Draining()));
			case 5 -> ifThere(any, (worker) -> cluster.send(worker, TestFrames.READY));
			case 6 -> cluster.advance(Duration.ofSeconds(random.nextInt(100)));
			case 7 -> cluster.thread().lag(Duration.ofSeconds(random.nextInt(100)));
			case 8, 9 -> {
				cluster.cluster().restart();
				cluster.run();
			}
			case 10 -> ifThere(starting, cluster::online);
			case 11, 12, 13 -> ifThere(starting, cluster::ready);
			default -> crash(cluster, draining);
		}
	}

	private static @Nullable FakeWorker any(List<FakeWorker> workers, Random random) {
		return workers.isEmpty() ? null : workers.get(random.nextInt(workers.size()));
	}

	private static void crash(TestCluster cluster, @Nullable FakeWorker worker) {
		ifThere(worker, (there) -> cluster.crash(there, 1));
	}

	private static void ifThere(@Nullable FakeWorker worker, Consumer<FakeWorker> action) {
		if (worker != null) {
			action.accept(worker);
		}
	}

	private void assertLegal(TestCluster cluster, int surge) {
		boolean restarting = isRestarting(cluster);
		for (int slot = 1; slot <= WORKERS; slot++) {
			assertThat(staying(cluster, slot)).as("staying workers of slot %d", slot)
				.hasSizeLessThanOrEqualTo(restarting ? 2 : 1);
		}
		Set<Integer> ready = cluster.in(WorkerState.READY).stream().map(FakeWorker::id).collect(Collectors.toSet());
		assertThat(cluster.listeners().admitted()).as("admitted").isEqualTo(ready);
		assertThat(cluster.status().workers()).as("known workers")
			.extracting(ClusterWorker::id)
			.containsExactlyElementsOf(cluster.alive().stream().map(FakeWorker::id).toList());
		assertThat(cluster.thread().pendingTimers()).as("timers").isLessThanOrEqualTo(2 + LEAVING);
	}

	private static boolean isRestarting(TestCluster cluster) {
		RestartStatus restart = cluster.status().restart();
		return cluster.isRollingBack() || (restart != null && restart.state() == RestartState.RUNNING);
	}

	private static List<ClusterWorker> staying(TestCluster cluster, int slot) {
		return cluster.status()
			.workers()
			.stream()
			.filter((worker) -> worker.slot() == slot && worker.state() != WorkerState.DRAINING)
			.toList();
	}

	/**
	 * Lets every worker do from now on what it is to do.
	 * @param cluster the cluster
	 */
	private void settle(TestCluster cluster) {
		cluster.failForks(null);
		for (int round = 0; round < 60; round++) {
			cluster.readyAll();
			cluster.obey();
			cluster.advance(Duration.ofSeconds(10));
		}
	}

	private void assertWhole(TestCluster cluster) {
		assertThat(isRestarting(cluster)).as("restarting").isFalse();
		assertThat(cluster.in(WorkerState.READY).stream().map(FakeWorker::slot).sorted()).containsExactly(1, 2, 3);
		assertThat(cluster.alive()).hasSize(WORKERS);
		assertThat(cluster.thread().pendingTimers()).isZero();
	}

}
