package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.Collectors;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.SlotStatus;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.Operation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Lets everything happen to a cluster of several groups in any order, always the same for
 * a seed: each group finds back to what is wanted of it, and keeps out of the others'
 * way.
 */
@ExtendWith(SilentSupervision.class)
class GroupsChaosTests {

	private static final int SEEDS = 60;

	private static final int STEPS = 150;

	private static final List<String> GROUPS = List.of(ClusterWorker.DEFAULT_GROUP, "jobs", "mail");

	@ParameterizedTest
	@CsvSource({ "0, 0", "1, 0", "2, 0", "0, 3", "1, 3" })
	void eachGroupIsWholeAgainAfterAnything(int surge, int soak) {
		for (long seed = 0; seed < SEEDS; seed++) {
			Random random = new Random(seed);
			try (TestCluster cluster = TestCluster
				.grouped(2, surge, Duration.ofSeconds(soak), new WorkerGroup("jobs", 1), new WorkerGroup("mail", 2))
				.startAll()) {
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
		@Nullable String group = (random.nextInt(4) == 0) ? null : GROUPS.get(random.nextInt(GROUPS.size()));
		switch (random.nextInt(14)) {
			case 0 -> ifThere(any(cluster.alive(), random), (worker) -> cluster.crash(worker, 1));
			case 1 -> ifThere(any(cluster.starting(), random), (worker) -> cluster.crash(worker, 1));
			case 2 -> ifThere(any(cluster.alive(), random), (worker) -> cluster.send(worker, new Frame.Draining()));
			case 3 -> cluster.advance(Duration.ofSeconds(random.nextInt(40)));
			case 4 -> {
				cluster.cluster().restart(group);
				cluster.run();
			}
			case 5, 6 -> ifThere(any(cluster.in(WorkerState.READY), random),
					(worker) -> cluster.send(worker, new Frame.Request(1, new Operation.Restart(group, true))));
			case 7 -> {
				cluster.cluster().scale((group != null) ? group : "jobs", 1 + random.nextInt(3));
				cluster.run();
			}
			case 8, 9, 10, 11 -> ifThere(any(cluster.starting(), random), cluster::ready);
			default -> ifThere(any(cluster.draining(), random), (worker) -> cluster.crash(worker, 0));
		}
	}

	private static @Nullable FakeWorker any(List<FakeWorker> workers, Random random) {
		return workers.isEmpty() ? null : workers.get(random.nextInt(workers.size()));
	}

	private static void ifThere(@Nullable FakeWorker worker, Consumer<FakeWorker> action) {
		if (worker != null) {
			action.accept(worker);
		}
	}

	private void assertLegal(TestCluster cluster) {
		Map<String, Long> staying = cluster.status()
			.workers()
			.stream()
			.filter((worker) -> worker.state() != WorkerState.DRAINING)
			.collect(Collectors.groupingBy((worker) -> worker.group() + worker.slot(), Collectors.counting()));
		assertThat(staying.values()).as("workers of one slot")
			.allMatch((workers) -> workers <= (isRestarting(cluster) ? 2 : 1));
		assertThat(cluster.status().workers()).extracting(ClusterWorker::id).doesNotHaveDuplicates();
		assertThat(cluster.generations().kept()).as("what the workers run")
			.containsAll(cluster.alive().stream().map(FakeWorker::generation).toList());
	}

	private static boolean isRestarting(TestCluster cluster) {
		RestartStatus restart = cluster.status().restart();
		return cluster.isRollingBack() || (restart != null && restart.state() == RestartState.RUNNING);
	}

	private void settle(TestCluster cluster) {
		for (int round = 0; round < 80; round++) {
			cluster.readyAll();
			cluster.obey();
			cluster.advance(Duration.ofSeconds(10));
		}
	}

	private void assertWhole(TestCluster cluster) {
		assertThat(isRestarting(cluster)).as("restarting").isFalse();
		Map<String, List<Integer>> wanted = new HashMap<>();
		for (SlotStatus slot : cluster.status().slots()) {
			if (!slot.givenUp()) {
				wanted.computeIfAbsent(slot.group(), (group) -> new ArrayList<>()).add(slot.number());
			}
		}
		for (String group : GROUPS) {
			assertThat(cluster.alive(group).stream().map(FakeWorker::slot).sorted()).as(group)
				.isEqualTo(wanted.getOrDefault(group, List.of()));
		}
		assertThat(cluster.readyCount()).isEqualTo(cluster.alive().size());
		CompletableFuture<Void> stopped = cluster.stop();
		cluster.obey();
		assertThat(stopped).isCompleted();
	}

}
