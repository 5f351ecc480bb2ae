package io.github.bootcluster.wire;

import io.github.bootcluster.ClusterException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a process is told to be a worker and has no master that wants it.
 */
public class NoMasterException extends ClusterException {

	private final @Nullable String worker;

	private final String problem;

	public NoMasterException(@Nullable String worker, String problem) {
		super("%s is '%s', but %s".formatted(WorkerIdentity.ID, worker, problem));
		this.worker = worker;
		this.problem = problem;
	}

	/**
	 * Returns the worker's id as the environment says.
	 */
	public @Nullable String getWorker() {
		return this.worker;
	}

	/**
	 * Returns what is wrong.
	 */
	public String getProblem() {
		return this.problem;
	}

}
