package io.github.bootcluster;

/**
 * Published when a worker has connected to the master.
 */
public final class WorkerOnlineEvent extends WorkerEvent {

	public WorkerOnlineEvent(ClusterWorker worker) {
		super(worker);
	}

}
