package io.github.bootcluster.event;

import io.github.bootcluster.ClusterStatus;

/**
 * Published once, when the master begins to supervise and before the first worker is
 * forked.
 */
public final class ClusterStartedEvent extends ClusterEvent {

	private final ClusterStatus status;

	public ClusterStartedEvent(ClusterStatus status) {
		super(status);
		this.status = status;
	}

	/**
	 * Returns the cluster as it begins.
	 * @return the status, without a worker yet
	 */
	public ClusterStatus getStatus() {
		return this.status;
	}

}
