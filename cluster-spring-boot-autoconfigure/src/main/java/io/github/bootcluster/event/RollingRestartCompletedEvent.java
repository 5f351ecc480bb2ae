package io.github.bootcluster.event;

import io.github.bootcluster.RestartStatus;

/**
 * Published when a rolling restart has replaced every worker.
 */
public final class RollingRestartCompletedEvent extends RollingRestartEvent {

	public RollingRestartCompletedEvent(RestartStatus restart) {
		super(restart);
	}

}
