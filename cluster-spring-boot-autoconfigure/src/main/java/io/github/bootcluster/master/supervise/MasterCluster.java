package io.github.bootcluster.master.supervise;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.DisconnectOutcome;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.message.ClusterMessages;

/**
 * {@link Cluster} of the master itself.
 */
public final class MasterCluster implements Cluster {

	private static final String ORIGIN = "the application";

	private final Supervisor supervisor;

	private final ClusterMessages messages;

	private final Executor callbacks;

	/**
	 * Creates the cluster.
	 * @param supervisor does what is asked for
	 * @param messages the messages
	 * @param callbacks completes the stages that are returned, as what depends on them
	 * may block, and the supervision must not
	 */
	public MasterCluster(Supervisor supervisor, ClusterMessages messages, Executor callbacks) {
		this.supervisor = supervisor;
		this.messages = messages;
		this.callbacks = callbacks;
	}

	@Override
	public ClusterRole role() {
		return ClusterRole.MASTER;
	}

	@Override
	public ClusterStatus status() {
		return this.supervisor.status();
	}

	@Override
	public List<ClusterWorker> workers() {
		return status().workers();
	}

	@Override
	public CompletionStage<RollingRestart> restart() {
		return detach(this.supervisor.restart(), this::detached);
	}

	@Override
	public CompletionStage<RollingRestart> restart(String group) {
		return detach(this.supervisor.restart(group), this::detached);
	}

	@Override
	public CompletionStage<ScaleOutcome> scale(int workers) {
		return detach(this.supervisor.scale(workers));
	}

	@Override
	public CompletionStage<ScaleOutcome> scale(String group, int workers) {
		return detach(this.supervisor.scale(group, workers));
	}

	@Override
	public CompletionStage<ClusterWorker> fork(Map<String, String> environment) {
		return detach(this.supervisor.ask((operations) -> operations.fork(environment, ORIGIN)));
	}

	@Override
	public CompletionStage<DisconnectOutcome> disconnect(int worker) {
		return detach(this.supervisor.ask((operations) -> operations.disconnect(worker, ORIGIN)));
	}

	@Override
	public CompletionStage<Void> disconnect() {
		return detach(this.supervisor.ask((operations) -> operations.disconnectAll(null, ORIGIN)));
	}

	@Override
	public CompletionStage<Void> kill(int worker, String signal) {
		return detach(this.supervisor.ask((operations) -> operations.kill(worker, signal, ORIGIN)));
	}

	@Override
	public CompletionStage<Void> shutdown() {
		return detach(this.supervisor.ask((operations) -> operations.shutdown(ORIGIN)));
	}

	@Override
	public CompletionStage<RestartStatus> restartAndAwait() {
		return await(this.supervisor.restart());
	}

	@Override
	public CompletionStage<RestartStatus> restartAndAwait(String group) {
		return await(this.supervisor.restart(group));
	}

	private CompletionStage<RestartStatus> await(CompletionStage<RollingRestart> restart) {
		return detach(restart.thenCompose(RollingRestart::completion).exceptionally(RestartOperation::aborted));
	}

	private RollingRestart detached(RollingRestart restart) {
		return new DetachedRestart(restart, detach(restart.completion()));
	}

	private <T> CompletionStage<T> detach(CompletionStage<T> stage) {
		return detach(stage, (result) -> result);
	}

	private <T> CompletionStage<T> detach(CompletionStage<T> stage, UnaryOperator<T> mapping) {
		CompletableFuture<T> detached = new CompletableFuture<>();
		stage.whenCompleteAsync((result, failure) -> {
			if (failure != null) {
				detached.completeExceptionally(failure);
			}
			else {
				detached.complete(mapping.apply(result));
			}
		}, this.callbacks);
		return detached.minimalCompletionStage();
	}

	@Override
	public ClusterMessages messages() {
		return this.messages;
	}

	/**
	 * Rolling restart whose end is told elsewhere than on the supervisor's thread.
	 *
	 * @param restart the restart
	 * @param completion its end
	 */
	private record DetachedRestart(RollingRestart restart,
			CompletionStage<RestartStatus> completion) implements RollingRestart {

		@Override
		public String id() {
			return this.restart.id();
		}

		@Override
		public RestartStatus status() {
			return this.restart.status();
		}

	}

}
