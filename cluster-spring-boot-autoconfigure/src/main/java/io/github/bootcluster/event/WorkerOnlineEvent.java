package io.github.bootcluster.event;

import io.github.bootcluster.ClusterWorker;

/**
 * Published when a worker has connected to the master.
 */
public final class WorkerOnlineEvent extends WorkerEvent {

	public WorkerOnlineEvent(ClusterWorker worker) {
		super(worker);
	}

}
