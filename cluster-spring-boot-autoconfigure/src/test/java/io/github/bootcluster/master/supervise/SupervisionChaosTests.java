package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.SlotStatus;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.wire.Frame;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about a cluster that is scaled, recycled, restarted and watched at the same
 * time, by seeds.
 */
@ExtendWith(SilentSupervision.class)
class SupervisionChaosTests {

	private static final int SEEDS = 75;

	private static final int STEPS = 150;

	/**
	 * Workers that have left within the last second: the master waits whether it is told
	 * to end, too.
	 */
	private static final int LEAVING = 8;

	private static final int MAX_WORKERS = 5;

	private static final Duration SECOND = Duration.ofSeconds(1);

	private static final RecyclePolicy RECYCLE = new RecyclePolicy(1000, 100, Duration.ofHours(1), 0);

	@ParameterizedTest
	@ValueSource(ints = { 0, 1, 2 })
	void clusterHasTheWantedWorkersAgainAfterAnything(int surge) {
		for (long seed = 0; seed < SEEDS; seed++) {
			Random random = new Random(seed);
			MasterSettings settings = TestCluster.settings(3, surge, 1000, Duration.ofSeconds(30), RECYCLE,
					Duration.ofSeconds(seed % 2 * 5));
			try (TestCluster cluster = new TestCluster(settings, 1 + random.nextInt(3)).start()) {
				cluster.readyAll();
				for (int step = 0; step < STEPS; step++) {
					doAnything(cluster, random);
					assertThat(cluster).as("seed %d, step %d", seed, step).satisfies(this::assertLegal);
				}
				settle(cluster);
				assertThat(cluster).as("seed %d", seed).satisfies(this::assertWhole);
			}
		}
	}

	private void doAnything(TestCluster cluster, Random random) {
		cluster.draw(random.nextDouble());
		cluster.failForks((random.nextInt(20) == 0) ? "no memory" : null);
		switch (random.nextInt(14)) {
			case 0 -> any(cluster.alive(), random, (worker) -> cluster.crash(worker, 1));
			case 1 -> any(cluster.alive(), random, (worker) -> cluster.send(worker, new Frame.Draining()));
			case 2 -> cluster.advance(Duration.ofSeconds(random.nextInt(100)));
			case 3 -> cluster.thread().lag(Duration.ofSeconds(random.nextInt(100)));
			case 4 -> {
				cluster.cluster().restart();
				cluster.run();
			}
			case 5 -> cluster.scale(random.nextInt(MAX_WORKERS + 1));
			case 6 -> {
				any(cluster.in(WorkerState.READY), random, (worker) -> cluster.beat(worker, 2000));
				cluster.advance(SECOND);
			}
			case 7 -> cluster.beatAll(Duration.ofSeconds(random.nextInt(10)));
			case 8 -> any(cluster.in(WorkerState.READY), random,
					(worker) -> cluster.send(worker, new Frame.ThreadDump("dump")));
			case 9, 10, 11 -> any(cluster.starting(), random, cluster::ready);
			default -> any(cluster.draining(), random, (worker) -> cluster.crash(worker, 0));
		}
	}

	private static void any(List<FakeWorker> workers, Random random, Consumer<FakeWorker> action) {
		if (!workers.isEmpty()) {
			action.accept(workers.get(random.nextInt(workers.size())));
		}
	}

	private void assertLegal(TestCluster cluster) {
		int wanted = cluster.status().wanted();
		assertThat(wanted).isBetween(1, MAX_WORKERS);
		assertThat(cluster.status().slots()).extracting(SlotStatus::number)
			.containsExactlyElementsOf(IntStream.rangeClosed(1, wanted).boxed().toList());
		assertThat(cluster.in(WorkerState.READY)).as("ready")
			.extracting(FakeWorker::id)
			.containsAll(cluster.listeners().admitted());
		for (int slot = 1; slot <= MAX_WORKERS; slot++) {
			int number = slot;
			assertThat(cluster.status().workers()).as("staying in slot %d", slot)
				.filteredOn((worker) -> worker.slot() == number && worker.state() != WorkerState.DRAINING)
				.hasSizeLessThanOrEqualTo((slot <= wanted) ? 2 : 0);
		}
		assertThat(cluster.thread().pendingTimers()).as("timers").isLessThanOrEqualTo(2 + LEAVING);
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
			cluster.beatAll(Duration.ofSeconds(10));
		}
	}

	private void assertWhole(TestCluster cluster) {
		int wanted = cluster.status().wanted();
		RestartStatus restart = cluster.status().restart();
		assertThat(restart == null || restart.state() != RestartState.RUNNING).as("no restart").isTrue();
		assertThat(cluster.in(WorkerState.READY).stream().map(FakeWorker::slot).sorted())
			.containsExactlyElementsOf(IntStream.rangeClosed(1, wanted).boxed().toList());
		assertThat(cluster.alive()).hasSize(wanted);
		assertThat(cluster.listeners().admitted()).hasSize(wanted);
	}

}
