package io.github.bootcluster.event;

import io.github.bootcluster.ClusterWorker;

/**
 * Published when a worker's application accepts traffic, from when on connections are
 * handed to it.
 */
public final class WorkerReadyEvent extends WorkerEvent {

	public WorkerReadyEvent(ClusterWorker worker) {
		super(worker);
	}

}
