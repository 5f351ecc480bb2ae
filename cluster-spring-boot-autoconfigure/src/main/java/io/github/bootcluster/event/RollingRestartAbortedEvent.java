package io.github.bootcluster.event;

import io.github.bootcluster.RestartStatus;

/**
 * Published when a rolling restart was given up; the status tells why.
 */
public final class RollingRestartAbortedEvent extends RollingRestartEvent {

	public RollingRestartAbortedEvent(RestartStatus restart) {
		super(restart);
	}

}
