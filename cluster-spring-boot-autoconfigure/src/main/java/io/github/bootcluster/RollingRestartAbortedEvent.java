package io.github.bootcluster;

/**
 * Published when a rolling restart was given up; the status tells why.
 */
public final class RollingRestartAbortedEvent extends RollingRestartEvent {

	public RollingRestartAbortedEvent(RestartStatus restart) {
		super(restart);
	}

}
