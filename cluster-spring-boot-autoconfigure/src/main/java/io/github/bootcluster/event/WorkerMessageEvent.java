package io.github.bootcluster.event;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.message.ClusterMessage;

/**
 * A worker has sent a message to the master. It is published on a thread for messages, in
 * the order in which the worker has sent them; the other events of the cluster may
 * overtake it.
 */
public final class WorkerMessageEvent extends WorkerEvent {

	private final String name;

	private final String payload;

	public WorkerMessageEvent(ClusterWorker worker, ClusterMessage message) {
		super(worker);
		this.name = message.name();
		this.payload = message.payload();
	}

	/**
	 * Returns the name of the message.
	 * @return the name
	 */
	public String getName() {
		return this.name;
	}

	/**
	 * Returns the payload as the worker has written it.
	 * @return the JSON
	 */
	public String getPayload() {
		return this.payload;
	}

}
