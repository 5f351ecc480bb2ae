package io.github.bootcluster.event;

import io.github.bootcluster.ClusterWorker;

/**
 * Published when a worker's connection to the master has ended. Its exit follows.
 */
public final class WorkerDisconnectedEvent extends WorkerEvent {

	public WorkerDisconnectedEvent(ClusterWorker worker) {
		super(worker);
	}

}
