package io.github.bootcluster;

import java.util.List;
import java.util.concurrent.CompletionStage;

/**
 * The cluster that this process belongs to. A bean of this type exists in every role; in
 * a worker it passes operations to the master.
 */
public interface Cluster {

	/**
	 * Returns the role of this process.
	 * @return the role
	 */
	ClusterRole role();

	/**
	 * Returns the cluster as the master last told it; it never blocks.
	 * @return the status
	 * @throws ClusterUnavailableException if this process is not clustered, or its master
	 * has not yet told anything
	 */
	ClusterStatus status();

	/**
	 * Returns the workers by id; it never blocks.
	 * @return the workers, none if this process is not clustered
	 */
	List<ClusterWorker> workers();

	/**
	 * Replaces all workers one after another, and one group after another: a new one
	 * becomes ready before an old one is drained.
	 * @return a stage that completes once the master has begun to bring up the new
	 * generation, or fails with {@link RestartInProgressException} if a restart runs
	 * already, with {@link RestartAbortedException} if the application cannot be copied,
	 * or with {@link ClusterUnavailableException} if there is no master to ask
	 */
	CompletionStage<RollingRestart> restart();

	/**
	 * Replaces the workers of one group as {@link #restart()} does; other groups keep
	 * theirs, and the generation that these run.
	 * @param group the group's name below {@code cluster.groups}, or
	 * {@value ClusterWorker#DEFAULT_GROUP}
	 * @return a stage as that of {@link #restart()}, which fails with
	 * {@link UnknownGroupException} if there is no such group
	 */
	CompletionStage<RollingRestart> restart(String group);

	/**
	 * Changes the wanted number of workers of the default group. New ones get the numbers
	 * of slots that follow the last; with fewer wanted, the slot that was added last goes
	 * first, and its worker is drained. It may be called while a rolling restart runs.
	 * @param workers the wanted number, from 1 to 1,024
	 * @return a stage that completes once the master wants that number, or fails with
	 * {@link ScaleRefusedException} if there cannot be so many, or with
	 * {@link ClusterUnavailableException} if there is no master to ask, or the cluster is
	 * starting or shutting down
	 */
	CompletionStage<ScaleOutcome> scale(int workers);

	/**
	 * Changes the wanted number of workers of a group as {@link #scale(int)} does.
	 * @param group the group's name below {@code cluster.groups}, or
	 * {@value ClusterWorker#DEFAULT_GROUP}
	 * @param workers the wanted number, from 1 to 1,024
	 * @return a stage as that of {@link #scale(int)}, which fails with
	 * {@link UnknownGroupException} if there is no such group
	 */
	CompletionStage<ScaleOutcome> scale(String group, int workers);

	/**
	 * Replaces all workers as {@link #restart()} does, for somebody who waits for the
	 * outcome: a worker that asks is replaced last, and not before it knows.
	 * @return a stage that completes with the last status once the restart has ended,
	 * {@link RestartState#COMPLETED} or {@link RestartState#ABORTED}, or fails with
	 * {@link RestartInProgressException} if a restart runs already, or with
	 * {@link ClusterUnavailableException} if there is no master to ask, or not any more
	 */
	CompletionStage<RestartStatus> restartAndAwait();

	/**
	 * Replaces the workers of one group as {@link #restart(String)} does, for somebody
	 * who waits for the outcome.
	 * @param group the group's name below {@code cluster.groups}, or
	 * {@value ClusterWorker#DEFAULT_GROUP}
	 * @return a stage as that of {@link #restartAndAwait()}, which fails with
	 * {@link UnknownGroupException} if there is no such group
	 */
	CompletionStage<RestartStatus> restartAndAwait(String group);

}
