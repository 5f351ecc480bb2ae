package io.github.bootcluster.master;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.RestartAbortedException;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import org.jspecify.annotations.Nullable;

/**
 * Rolling restart that runs or has ended. It is written by the supervisor's thread alone.
 */
final class RestartOperation implements RollingRestart {

	private final CompletableFuture<RestartStatus> completion = new CompletableFuture<>();

	private final long deadline;

	private volatile RestartStatus status;

	private final CompletableFuture<RollingRestart> begun = new CompletableFuture<>();

	private final @Nullable WorkerHandle waiter;

	private Phase phase = Phase.PREPARING;

	private @Nullable Canary canary;

	RestartOperation(String id, int generation, int total, Instant startedAt, long deadline,
			@Nullable WorkerHandle waiter) {
		this.status = new RestartStatus(id, RestartState.RUNNING, generation, 0, total, startedAt, null, null,
				List.of());
		this.deadline = deadline;
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

	boolean isRunning() {
		return this.status.state() == RestartState.RUNNING;
	}

	/**
	 * Returns a stage that completes once the application was copied and can be brought
	 * up, or fails with {@link RestartAbortedException}.
	 * @return the stage
	 */
	CompletableFuture<RollingRestart> begun() {
		return this.begun;
	}

	/**
	 * Returns the status of a restart that somebody waited for and that failed early.
	 * @param failure the failure of {@link #begun()}
	 * @return the status
	 */
	static RestartStatus aborted(Throwable failure) {
		if (failure.getCause() instanceof RestartAbortedException aborted) {
			return aborted.getStatus();
		}
		throw (failure instanceof CompletionException completion) ? completion : new CompletionException(failure);
	}

	/**
	 * Tells whether somebody waits in a worker for the end of this restart: the worker
	 * would wait for that, and this restart for the worker's end.
	 * @param worker the worker
	 * @return whether its end must not be waited for
	 */
	boolean isAwaitedIn(WorkerHandle worker) {
		return worker == this.waiter;
	}

	@Nullable WorkerHandle waiter() {
		return this.waiter;
	}

	/**
	 * Returns when something has to happen.
	 * @return a time of the event thread
	 */
	long deadline() {
		Canary watched = this.canary;
		return (watched != null) ? Math.min(this.deadline, watched.deadline()) : this.deadline;
	}

	boolean isOverdue(long now) {
		return now >= this.deadline;
	}

	boolean isPrepared() {
		return this.phase != Phase.PREPARING;
	}

	void prepared() {
		this.phase = Phase.PROVING;
		this.begun.complete(this);
	}

	/**
	 * Tells whether the new generation has proved itself.
	 * @return whether it can be trusted
	 */
	boolean isProven() {
		return this.phase == Phase.PROVEN;
	}

	void prove() {
		this.phase = Phase.PROVEN;
		this.canary = null;
	}

	/**
	 * Returns the worker that is on trial for the new generation.
	 * @return the worker, {@code null} before and after
	 */
	@Nullable Canary canary() {
		return this.canary;
	}

	void watch(@Nullable Canary canary) {
		this.canary = canary;
	}

	void progress(int replaced) {
		this.status = with(RestartState.RUNNING, replaced, null, null, List.of());
	}

	/**
	 * Takes note of another number of workers to replace.
	 * @param total the number
	 * @param replaced how many of them have been replaced
	 */
	void resize(int total, int replaced) {
		RestartStatus old = this.status;
		this.status = new RestartStatus(old.id(), old.state(), old.generation(), replaced, total, old.startedAt(),
				old.endedAt(), old.reason(), old.lastLines());
	}

	void complete(Instant at) {
		end(with(RestartState.COMPLETED, this.status.total(), at, null, List.of()));
	}

	void abort(Instant at, String reason, List<String> lastLines) {
		end(with(RestartState.ABORTED, this.status.replaced(), at, reason, lastLines));
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
				reason, lastLines);
	}

	private enum Phase {

		/**
		 * The application is being copied.
		 */
		PREPARING,

		/**
		 * The first worker of the new generation is not trusted yet.
		 */
		PROVING,

		/**
		 * The new generation is trusted.
		 */
		PROVEN

	}

}
