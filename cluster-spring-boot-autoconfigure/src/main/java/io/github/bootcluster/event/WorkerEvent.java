package io.github.bootcluster.event;

import io.github.bootcluster.ClusterWorker;

/**
 * Parent of the events in a worker's life.
 */
public abstract sealed class WorkerEvent extends ClusterEvent
		permits WorkerForkedEvent, WorkerOnlineEvent, WorkerListeningEvent, WorkerReadyEvent, WorkerDisconnectedEvent,
		WorkerExitedEvent, WorkerUnresponsiveEvent, WorkerRespawnSuppressedEvent, WorkerMessageEvent {

	private final ClusterWorker worker;

	protected WorkerEvent(ClusterWorker worker) {
		super(worker);
		this.worker = worker;
	}

	/**
	 * Returns the worker as it was when the event happened.
	 * @return the worker
	 */
	public ClusterWorker getWorker() {
		return this.worker;
	}

}
