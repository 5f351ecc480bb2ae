package io.github.bootcluster.event;

import io.github.bootcluster.RestartStatus;

/**
 * Parent of the events of a rolling restart.
 */
public abstract sealed class RollingRestartEvent extends ClusterEvent permits RollingRestartStartedEvent,
		RollingRestartProgressedEvent, RollingRestartCompletedEvent, RollingRestartAbortedEvent {

	private final RestartStatus restart;

	protected RollingRestartEvent(RestartStatus restart) {
		super(restart);
		this.restart = restart;
	}

	/**
	 * Returns the restart as it was when the event happened.
	 * @return the restart
	 */
	public RestartStatus getRestart() {
		return this.restart;
	}

}
