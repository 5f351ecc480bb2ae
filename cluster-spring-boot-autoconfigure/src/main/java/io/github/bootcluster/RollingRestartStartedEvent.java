package io.github.bootcluster;

/**
 * Published when a rolling restart begins.
 */
public final class RollingRestartStartedEvent extends RollingRestartEvent {

	public RollingRestartStartedEvent(RestartStatus restart) {
		super(restart);
	}

}
