package io.github.bootcluster.event;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.WorkerExit;

/**
 * Published when a worker's process has ended.
 */
public final class WorkerExitedEvent extends WorkerEvent {

	private final WorkerExit exit;

	public WorkerExitedEvent(ClusterWorker worker, WorkerExit exit) {
		super(worker);
		this.exit = exit;
	}

	/**
	 * Returns how the process ended.
	 * @return the exit
	 */
	public WorkerExit getExit() {
		return this.exit;
	}

}
