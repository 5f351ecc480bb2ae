package io.github.bootcluster.event;

import io.github.bootcluster.ClusterWorker;

/**
 * Published when a worker's process was started.
 */
public final class WorkerForkedEvent extends WorkerEvent {

	public WorkerForkedEvent(ClusterWorker worker) {
		super(worker);
	}

}
