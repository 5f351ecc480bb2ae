package io.github.bootcluster;

/**
 * Thrown when a rolling restart is asked for while one runs.
 */
public class RestartInProgressException extends ClusterException {

	private final String runningId;

	public RestartInProgressException(String runningId) {
		super("Rolling restart '%s' is still running".formatted(runningId));
		this.runningId = runningId;
	}

	/**
	 * Returns the id of the restart that runs.
	 * @return the id
	 */
	public String getRunningId() {
		return this.runningId;
	}

}
