package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.master.listen.Listeners;
import io.github.bootcluster.wire.Frame;

/**
 * Listeners without sockets that remember what was asked of them.
 */
final class RecordingListeners implements Listeners {

	private final List<String> calls = new ArrayList<>();

	private final Set<Integer> admitted = new HashSet<>();

	private Set<Integer> staying = Set.of();

	private final List<Consumer<Frame>> unanswered = new ArrayList<>();

	private CompletableFuture<Void> closed = CompletableFuture.completedFuture(null);

	List<String> calls() {
		return this.calls;
	}

	/**
	 * Returns who may get connections.
	 * @return the workers' ids
	 */
	Set<Integer> admitted() {
		return this.admitted;
	}

	/**
	 * Returns whose listeners stayed when unused ones were closed the last time.
	 * @return the workers' ids
	 */
	Set<Integer> staying() {
		return this.staying;
	}

	List<Consumer<Frame>> unanswered() {
		return this.unanswered;
	}

	@Override
	public ListenerKind kind() {
		return ListenerKind.HANDOFF;
	}

	@Override
	public void register(int worker, String group, int slot, long pid, int maxConnections) {
		this.calls.add("register %d in slot %d with pid %d".formatted(worker, slot, pid));
	}

	@Override
	public void listen(int worker, String group, Frame.Listen request, Consumer<Frame> answer) {
		this.unanswered.add(answer);
	}

	@Override
	public void unlisten(int worker, int listener) {
		this.calls.add("unlisten %d of %d".formatted(listener, worker));
	}

	@Override
	public void admit(int worker) {
		this.admitted.add(worker);
	}

	@Override
	public void withhold(int worker) {
		this.calls.add("withhold " + worker);
		this.admitted.remove(worker);
	}

	@Override
	public void report(int worker, WorkerVitals vitals, Duration next) {
		this.calls.add("report %d with %s and %s".formatted(worker, vitals.loopLag(), vitals.cpuLoad()));
	}

	@Override
	public void unregister(int worker) {
		this.calls.add("unregister " + worker);
		this.admitted.remove(worker);
	}

	@Override
	public ClusterFigures.Connections connections() {
		return ClusterFigures.Connections.NONE;
	}

	@Override
	public void closeUnused(Set<String> groups, Set<Integer> staying) {
		this.calls.add("close unused");
		this.staying = staying;
	}

	@Override
	public CompletionStage<Void> close(Duration limit) {
		this.calls.add("close");
		return this.closed;
	}

	/**
	 * Lets workers not have taken all that is queued, when these are closed.
	 */
	void keepOpen() {
		this.closed = new CompletableFuture<>();
	}

	/**
	 * Lets workers have taken all that was queued.
	 */
	void end() {
		this.closed.complete(null);
	}

}
