package io.github.bootcluster;

/**
 * Published each time a rolling restart has replaced a worker.
 */
public final class RollingRestartProgressedEvent extends RollingRestartEvent {

	public RollingRestartProgressedEvent(RestartStatus restart) {
		super(restart);
	}

}
