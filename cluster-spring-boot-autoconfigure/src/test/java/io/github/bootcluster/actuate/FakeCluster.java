package io.github.bootcluster.actuate;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.DisconnectOutcome;
import io.github.bootcluster.ExitKind;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.SlotStatus;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.message.ClusterMessages;
import org.jspecify.annotations.Nullable;

/**
 * Cluster of two workers with no process behind it.
 */
public class FakeCluster implements Cluster {

	public static final Instant FORKED_AT = Instant.parse("2026-01-01T00:00:00Z");

	private final ClusterWorker first = new ClusterWorker(3, ClusterWorker.DEFAULT_GROUP, 1, 4711, WorkerState.READY, 2,
			FORKED_AT, FORKED_AT.plusSeconds(4), new WorkerVitals(90, 3, 7, 0, true, Duration.ofMillis(20), 0.25),
			4096L, null);

	private final ClusterWorker second = new ClusterWorker(4, ClusterWorker.DEFAULT_GROUP, 2, 4712,
			WorkerState.DRAINING, 1, FORKED_AT, null, null, null, null);

	final List<ClusterWorker> all = new ArrayList<>(List.of(this.first, this.second));

	int wanted = 2;

	private ClusterFigures figures = new ClusterFigures(4, 1,
			Map.of(ExitKind.OUT_OF_MEMORY, 1L, ExitKind.VOLUNTARY, 1L),
			new ClusterFigures.Restarts(3, Duration.ofSeconds(90)),
			new ClusterFigures.Restarts(1, Duration.ofSeconds(7)), new ClusterFigures.Connections(100, 103, 2, 5, 4));

	@Nullable RestartStatus restart;

	boolean available = true;

	List<SlotStatus> slots = List.of(new SlotStatus(ClusterWorker.DEFAULT_GROUP, 1, false, 0, null),
			new SlotStatus(ClusterWorker.DEFAULT_GROUP, 2, false, 0, null));

	CompletableFuture<ScaleOutcome> scaled = CompletableFuture.completedFuture(new ScaleOutcome(6, 2));

	List<Integer> scales = new ArrayList<>();

	CompletableFuture<RollingRestart> accepted = CompletableFuture
		.completedFuture(new FakeRestart(new RestartStatus("r1", RestartState.RUNNING, 3, 0, 2,
				FORKED_AT.plusSeconds(9), null, null, List.of(), List.of())));

	CompletableFuture<RestartStatus> ended = CompletableFuture.completedFuture(new RestartStatus("r2",
			RestartState.COMPLETED, 3, 2, 2, FORKED_AT, FORKED_AT.plusSeconds(9), null, List.of(), List.of()));

	CompletableFuture<Void> ending = CompletableFuture.completedFuture(null);

	final List<String> asked = new ArrayList<>();

	CompletableFuture<Void> killed = CompletableFuture.completedFuture(null);

	CompletableFuture<ClusterWorker> replaced = CompletableFuture.completedFuture(this.first);

	int shutdowns;

	int restarts;

	List<String> groups = new ArrayList<>();

	@Override
	public ClusterRole role() {
		return ClusterRole.WORKER;
	}

	@Override
	public ClusterStatus status() {
		if (!this.available) {
			throw new ClusterUnavailableException("The master has not told anything yet");
		}
		return new ClusterStatus(4242, 2, this.wanted, this.figures, this.all, this.slots, this.restart);
	}

	@Override
	public ClusterMessages messages() {
		throw new UnsupportedOperationException();
	}

	@Override
	public List<ClusterWorker> workers() {
		return this.all;
	}

	@Override
	public CompletionStage<RollingRestart> restart(@Nullable String group) {
		note(group);
		return this.accepted;
	}

	@Override
	public CompletionStage<ScaleOutcome> scale(String group, int workers) {
		this.groups.add(group);
		this.scales.add(workers);
		return this.scaled;
	}

	@Override
	public CompletionStage<RestartStatus> restartAndAwait(@Nullable String group) {
		note(group);
		return this.ended;
	}

	private void note(@Nullable String group) {
		if (group != null) {
			this.groups.add(group);
		}
		else {
			this.restarts++;
		}
	}

	public List<String> groups() {
		return this.groups;
	}

	@Override
	public CompletionStage<ClusterWorker> fork(Map<String, String> environment) {
		return CompletableFuture.completedFuture(this.first);
	}

	@Override
	public CompletionStage<DisconnectOutcome> disconnect(int worker) {
		this.asked.add("disconnect " + worker);
		return CompletableFuture.completedFuture(new DisconnectOutcome(this.first, null));
	}

	@Override
	public CompletionStage<ClusterWorker> replace(int worker) {
		this.asked.add("replace " + worker);
		return this.replaced;
	}

	@Override
	public CompletionStage<Void> disconnect() {
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletionStage<Void> kill(int worker, String signal) {
		this.asked.add("kill %d by %s".formatted(worker, signal));
		return this.killed;
	}

	@Override
	public CompletionStage<Void> stop() {
		this.shutdowns++;
		return this.ending;
	}

	public int shutdowns() {
		return this.shutdowns;
	}

	public int restarts() {
		return this.restarts;
	}

	public void addGroup(String name) {
		this.slots = Stream.concat(this.slots.stream(), Stream.of(new SlotStatus(name, 1, false, 0, null))).toList();
	}

	public void giveUpAll() {
		this.all.clear();
		this.slots = List.of(new SlotStatus(ClusterWorker.DEFAULT_GROUP, 1, true, 10, null));
	}

	public void abortRestart() {
		this.restart = new RestartStatus("r3", RestartState.ABORTED, 3, 0, 2, FORKED_AT, FORKED_AT.plusSeconds(1),
				"why", List.of(), List.of());
	}

	record FakeRestart(RestartStatus status) implements RollingRestart {

		@Override
		public String id() {
			return this.status.id();
		}

		@Override
		public CompletionStage<RestartStatus> completion() {
			return new CompletableFuture<>();
		}

	}

}
