package io.github.bootcluster;

import java.util.concurrent.CompletionStage;

/**
 * Handle of a rolling restart that the master has begun.
 */
public interface RollingRestart {

	/**
	 * Returns the operation's id.
	 * @return the id
	 */
	String id();

	/**
	 * Returns what is known of the operation now.
	 * @return the status
	 */
	RestartStatus status();

	/**
	 * Returns a stage that completes with the last status once the restart has ended,
	 * {@link RestartState#COMPLETED} or {@link RestartState#ABORTED}. In a worker that is
	 * itself replaced before the end, it completes with
	 * {@link ClusterUnavailableException}.
	 * @return the stage
	 */
	CompletionStage<RestartStatus> completion();

}
