package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.RestartAbortedException;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.SettingChange;
import org.jspecify.annotations.Nullable;

/**
 * Rolling restart that runs or has ended. It is written by the supervisor's thread alone.
 */
final class RestartOperation implements RollingRestart {

	private final CompletableFuture<RestartStatus> completion = new CompletableFuture<>();

	private final CompletableFuture<RollingRestart> begun = new CompletableFuture<>();

	private final Map<String, Integer> earlier;

	private final Set<String> proven = new HashSet<>();

	private volatile RestartStatus status;

	private @Nullable WorkerHandle waiter;

	private @Nullable Canary canary;

	private long deadline;

	private boolean prepared;

	private boolean extended;

	private boolean rollback;

	private int failures;

	/**
	 * Creates a restart that begins.
	 * @param earlier the generation that each group has had so far, in the order in which
	 * the groups' workers are replaced
	 * @param total how many workers there are to replace
	 * @param deadline when its time is up, by the event thread
	 */
	RestartOperation(String id, int generation, Map<String, Integer> earlier, int total, Instant startedAt,
			long deadline) {
		this.status = new RestartStatus(id, RestartState.RUNNING, generation, 0, total, startedAt, null, null,
				List.of(), List.of());
		this.earlier = Collections.unmodifiableMap(new LinkedHashMap<>(earlier));
		this.deadline = deadline;
	}

	/**
	 * Creates the way back from this restart, which has its id. There is nothing to
	 * prepare and nothing to prove, as its generations have served before.
	 * @param targets the generation that each group goes back to
	 * @param total how many workers these groups have
	 * @param deadline when its time is up, by the event thread
	 */
	RestartOperation rollback(Map<String, Integer> targets, int total, Instant startedAt, long deadline) {
		Map<String, Integer> inOrder = new LinkedHashMap<>();
		groups().stream().filter(targets::containsKey).forEach((group) -> inOrder.put(group, targets.get(group)));
		RestartOperation back = new RestartOperation(id(), Collections.max(targets.values()), inOrder, total, startedAt,
				deadline);
		back.rollback = true;
		back.proven.addAll(targets.keySet());
		back.prepared();
		return back;
	}

	void awaitIn(@Nullable WorkerHandle waiter) {
		this.waiter = waiter;
	}

	@Override
	public String id() {
		return this.status.id();
	}

	@Override
	public RestartStatus status() {
		return this.status;
	}

	@Override
	public CompletionStage<RestartStatus> completion() {
		return this.completion.minimalCompletionStage();
	}

	int generation() {
		return this.status.generation();
	}

	/**
	 * Returns the generation that a group's workers are replaced by.
	 * @return the new one, or the earlier one in a rollback
	 */
	int generation(String group) {
		return this.rollback ? this.earlier.getOrDefault(group, generation()) : generation();
	}

	boolean isRollback() {
		return this.rollback;
	}

	/**
	 * Returns the generations of its groups before a restart, or those that a rollback
	 * goes back to.
	 */
	Map<String, Integer> earlier() {
		return this.earlier;
	}

	int failed() {
		return ++this.failures;
	}

	boolean isRunning() {
		return this.status.state() == RestartState.RUNNING;
	}

	/**
	 * Returns a stage that completes once the application was copied and can be brought
	 * up, or fails with {@link RestartAbortedException}.
	 */
	CompletableFuture<RollingRestart> begun() {
		return this.begun;
	}

	/**
	 * Tells whether somebody waits in a worker for the end of this restart: the worker
	 * would wait for that, and this restart for the worker's end.
	 */
	boolean isAwaitedIn(WorkerHandle worker) {
		return worker == this.waiter;
	}

	@Nullable WorkerHandle waiter() {
		return this.waiter;
	}

	/**
	 * Returns when something has to happen.
	 */
	long deadline() {
		Canary watched = this.canary;
		return (watched != null) ? Math.min(this.deadline, watched.deadline()) : this.deadline;
	}

	boolean isOverdue(long now) {
		return now >= this.deadline;
	}

	/**
	 * Gives this restart more time, once, to finish what it has begun.
	 */
	void extend(Duration time) {
		this.deadline += time.toNanos();
		this.extended = true;
	}

	boolean isExtended() {
		return this.extended;
	}

	boolean isPrepared() {
		return this.prepared;
	}

	void prepared() {
		this.prepared = true;
		this.begun.complete(this);
	}

	List<String> groups() {
		return List.copyOf(this.earlier.keySet());
	}

	boolean concerns(String group) {
		return this.earlier.containsKey(group);
	}

	boolean isProven(String group) {
		return this.proven.contains(group);
	}

	void prove(String group) {
		this.proven.add(group);
		this.canary = null;
	}

	@Nullable Canary canary() {
		return this.canary;
	}

	void watch(@Nullable Canary canary) {
		this.canary = canary;
	}

	void progress(int replaced) {
		this.status = with(RestartState.RUNNING, replaced, null, null, List.of());
	}

	void resize(int total, int replaced) {
		RestartStatus old = this.status;
		this.status = new RestartStatus(old.id(), old.state(), old.generation(), replaced, total, old.startedAt(),
				old.endedAt(), old.reason(), old.lastLines(), old.pendingSettings());
	}

	void leaveOut(List<SettingChange> changes) {
		RestartStatus old = this.status;
		this.status = new RestartStatus(old.id(), old.state(), old.generation(), old.replaced(), old.total(),
				old.startedAt(), old.endedAt(), old.reason(), old.lastLines(), changes);
	}

	void complete(Instant at) {
		end(with(RestartState.COMPLETED, this.status.total(), at, null, List.of()));
	}

	void abort(Instant at, String reason, List<String> lastLines) {
		end(with(RestartState.ABORTED, this.status.replaced(), at, reason, lastLines));
	}

	void explain(String reason) {
		RestartStatus old = this.status;
		this.status = with(old.state(), old.replaced(), old.endedAt(), reason, old.lastLines());
	}

	private void end(RestartStatus last) {
		this.status = last;
		this.canary = null;
		this.completion.complete(last);
		this.begun.completeExceptionally(new RestartAbortedException(last));
	}

	private RestartStatus with(RestartState state, int replaced, @Nullable Instant endedAt, @Nullable String reason,
			List<String> lastLines) {
		RestartStatus old = this.status;
		return new RestartStatus(old.id(), state, old.generation(), replaced, old.total(), old.startedAt(), endedAt,
				reason, lastLines, old.pendingSettings());
	}

}
