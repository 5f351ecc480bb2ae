package io.github.bootcluster.master;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

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

	private boolean proven;

	RestartOperation(String id, int generation, int total, Instant startedAt, long deadline) {
		this.status = new RestartStatus(id, RestartState.RUNNING, generation, 0, total, startedAt, null, null,
				List.of());
		this.deadline = deadline;
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

	long deadline() {
		return this.deadline;
	}

	/**
	 * Tells whether a worker of the new generation was ready once.
	 * @return whether the new generation can be trusted
	 */
	boolean isProven() {
		return this.proven;
	}

	void prove() {
		this.proven = true;
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
		this.completion.complete(last);
	}

	private RestartStatus with(RestartState state, int replaced, @Nullable Instant endedAt, @Nullable String reason,
			List<String> lastLines) {
		RestartStatus old = this.status;
		return new RestartStatus(old.id(), state, old.generation(), replaced, old.total(), old.startedAt(), endedAt,
				reason, lastLines);
	}

}
