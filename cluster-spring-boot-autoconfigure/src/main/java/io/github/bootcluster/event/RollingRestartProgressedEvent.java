package io.github.bootcluster.event;

import io.github.bootcluster.RestartStatus;

/**
 * Published each time a rolling restart has replaced a worker.
 */
public final class RollingRestartProgressedEvent extends RollingRestartEvent {

	public RollingRestartProgressedEvent(RestartStatus restart) {
		super(restart);
	}

}
