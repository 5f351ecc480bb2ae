package io.github.bootcluster;

/**
 * State of a rolling restart.
 */
public enum RestartState {

	/**
	 * Workers are being replaced.
	 */
	RUNNING,

	/**
	 * Every worker was replaced.
	 */
	COMPLETED,

	/**
	 * A new worker failed, the time was up, or the cluster was shut down; workers not yet
	 * replaced stay, and those that were are replaced by the earlier generation again.
	 */
	ABORTED

}
