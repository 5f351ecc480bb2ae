package io.github.bootcluster.event;

import io.github.bootcluster.RestartStatus;

/**
 * Published when a rolling restart begins.
 */
public final class RollingRestartStartedEvent extends RollingRestartEvent {

	public RollingRestartStartedEvent(RestartStatus restart) {
		super(restart);
	}

}
