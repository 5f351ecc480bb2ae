package io.github.bootcluster;

/**
 * Published when a rolling restart has replaced every worker.
 */
public final class RollingRestartCompletedEvent extends RollingRestartEvent {

	public RollingRestartCompletedEvent(RestartStatus restart) {
		super(restart);
	}

}
