package io.github.bootcluster.master.supervise;

import io.github.bootcluster.process.LaunchException;
import io.github.bootcluster.process.WorkerProcess;

/**
 * Forks a worker: the seam at which tests put processes of their own.
 */
@FunctionalInterface
public interface WorkerForker {

	/**
	 * Forks a worker.
	 * @throws LaunchException if there can be none
	 */
	WorkerProcess fork(int id, Slot slot, int generation) throws LaunchException;

}
