package io.github.bootcluster;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.message.ClusterMessages;
import org.jspecify.annotations.Nullable;

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
	default CompletionStage<RollingRestart> restart() {
		return restart(null);
	}

	/**
	 * Replaces the workers of one group as {@link #restart()} does; other groups keep
	 * theirs, and the generation that these run.
	 * @param group the group's name below {@code cluster.groups},
	 * {@value ClusterWorker#DEFAULT_GROUP}, or {@code null} for all groups
	 * @return a stage as that of {@link #restart()}, which fails with
	 * {@link UnknownGroupException} if there is no such group
	 */
	CompletionStage<RollingRestart> restart(@Nullable String group);

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
	default CompletionStage<ScaleOutcome> scale(int workers) {
		return scale(ClusterWorker.DEFAULT_GROUP, workers);
	}

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
	 * outcome: a worker that asks is replaced last, and not before it knows. One that has
	 * to leave earlier all the same, as the only worker of an exclusive slot does, gets
	 * the status of that moment.
	 * @return a stage that completes with the last status once the restart has ended,
	 * {@link RestartState#COMPLETED} or {@link RestartState#ABORTED}, or with one that is
	 * {@link RestartState#RUNNING} once this worker has to leave, or fails with
	 * {@link RestartInProgressException} if a restart runs already, or with
	 * {@link ClusterUnavailableException} if there is no master to ask, or not any more
	 */
	default CompletionStage<RestartStatus> restartAndAwait() {
		return restartAndAwait(null);
	}

	/**
	 * Replaces the workers of one group as {@link #restart(String)} does, for somebody
	 * who waits for the outcome.
	 * @param group the group's name below {@code cluster.groups},
	 * {@value ClusterWorker#DEFAULT_GROUP}, or {@code null} for all groups
	 * @return a stage as that of {@link #restartAndAwait()}, which fails with
	 * {@link UnknownGroupException} if there is no such group
	 */
	CompletionStage<RestartStatus> restartAndAwait(@Nullable String group);

	/**
	 * Forks one worker more: the wanted number grows by one. The idea is that of
	 * {@code cluster.fork()} of Node.
	 * @return as with {@link #fork(Map)}
	 */
	default CompletionStage<ClusterWorker> fork() {
		return fork(Map.of());
	}

	/**
	 * Forks one worker more: the wanted number grows by one, and the worker gets the
	 * lowest number of a slot that is free. The slot keeps the environment for the
	 * workers that come after the first.
	 * @param environment variables of the worker's process, which win over those of
	 * {@code cluster.worker.env} and over the master's own; none that the master sets
	 * itself, whose names begin with {@code CLUSTER_WORKER_} or {@code CLUSTER_CONTROL_}
	 * @return a stage that completes with the worker once it is ready, or fails with
	 * {@link ForkRefusedException} if there cannot be one more, or a variable cannot be
	 * set, with {@link ForkFailedException} if it does not become ready, upon which its
	 * slot is given up again and the wanted number is what it was, or with
	 * {@link ClusterUnavailableException} as with {@link #scale}
	 */
	CompletionStage<ClusterWorker> fork(Map<String, String> environment);

	/**
	 * Lets one worker finish its connections and end, and does not replace it: its slot
	 * is given up, and the wanted number shrinks by one. A successor that is being
	 * brought up for it ends with it. A worker that leaves already for another reason is
	 * just waited for. The idea is that of {@code worker.disconnect()} of Node.
	 * @param worker the worker's id
	 * @return a stage that completes once the worker has exited, but at once in the
	 * worker itself, or fails with {@link UnknownWorkerException} if there is no such
	 * worker, or with {@link ClusterUnavailableException} as with {@link #scale}
	 */
	CompletionStage<DisconnectOutcome> disconnect(int worker);

	/**
	 * Replaces one worker by another of the same generation, which is ready before the
	 * old one finishes its connections and ends, unless {@code cluster.restart} lets the
	 * old one go first. It begins once nothing else starts or leaves.
	 * @param worker the worker's id
	 * @return a stage that completes with the worker once the master has taken note, or
	 * fails with {@link UnknownWorkerException} if there is no such worker or it is not
	 * ready, or with {@link ClusterUnavailableException} as with {@link #scale}
	 */
	CompletionStage<ClusterWorker> replace(int worker);

	/**
	 * Lets all workers finish their connections and end, and replaces none: no worker is
	 * wanted any more. The master stays, but closes its listening sockets, so that
	 * connections are refused, and a port that was left to the system to choose will be
	 * another one; {@link #fork} and {@link #scale}, from a bean of the master, or the
	 * signal TTIN bring workers up again. The idea is that of
	 * {@code cluster.disconnect()} of Node.
	 * @return a stage that completes once all workers have exited, but for the one that
	 * asks, or fails with {@link ClusterUnavailableException} as with {@link #scale}
	 */
	CompletionStage<Void> disconnect();

	/**
	 * Sends a worker a signal. What becomes of a worker that it ends is a matter of
	 * {@code cluster.respawn}: one that was healthy is replaced at once.
	 * @param worker the worker's id
	 * @param signal the name with or without {@code SIG}: ABRT, CONT, HUP, INT, KILL,
	 * QUIT, STOP, TERM or USR1
	 * @return a stage that completes once the signal is sent, or fails with
	 * {@link UnknownWorkerException} if there is no such worker, with
	 * {@link SignalRefusedException} if the signal is none of these or cannot be sent, or
	 * with {@link ClusterUnavailableException} if there is no master to ask
	 */
	CompletionStage<Void> kill(int worker, String signal);

	/**
	 * Ends the whole cluster as a first SIGTERM does: all workers finish their
	 * connections and end, and then the master does, with exit code 0.
	 * @return a stage that completes once no worker is left, in a worker once the master
	 * has begun, or fails with {@link ClusterUnavailableException} if there is no master
	 * to ask
	 */
	CompletionStage<Void> stop();

	/**
	 * Returns the messages between the processes of the cluster.
	 * @return the messages
	 */
	ClusterMessages messages();

}
