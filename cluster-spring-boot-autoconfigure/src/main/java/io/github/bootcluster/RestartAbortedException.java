package io.github.bootcluster;

/**
 * Thrown when a rolling restart was given up before it could replace a worker, for
 * example because the application could not be copied.
 */
public class RestartAbortedException extends ClusterException {

	private final RestartStatus status;

	public RestartAbortedException(RestartStatus status) {
		super("Rolling restart '%s' is aborted: %s".formatted(status.id(), status.reason()));
		this.status = status;
	}

	/**
	 * Returns the restart as it ended.
	 * @return the status, with the reason
	 */
	public RestartStatus getStatus() {
		return this.status;
	}

}
