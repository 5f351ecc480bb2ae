package io.github.bootcluster.master;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterMessages;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.DisconnectOutcome;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.ScaleOutcome;

/**
 * {@link Cluster} of the master itself.
 */
final class MasterCluster implements Cluster {

	private static final String ORIGIN = "the application";

	private final Supervisor supervisor;

	private final ClusterMessages messages;

	MasterCluster(Supervisor supervisor, ClusterMessages messages) {
		this.supervisor = supervisor;
		this.messages = messages;
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
		return this.supervisor.restart();
	}

	@Override
	public CompletionStage<RollingRestart> restart(String group) {
		return this.supervisor.restart(group);
	}

	@Override
	public CompletionStage<ScaleOutcome> scale(int workers) {
		return this.supervisor.scale(workers);
	}

	@Override
	public CompletionStage<ScaleOutcome> scale(String group, int workers) {
		return this.supervisor.scale(group, workers);
	}

	@Override
	public CompletionStage<ClusterWorker> fork(Map<String, String> environment) {
		return this.supervisor.ask((operations) -> operations.fork(environment, ORIGIN));
	}

	@Override
	public CompletionStage<DisconnectOutcome> disconnect(int worker) {
		return this.supervisor.ask((operations) -> operations.disconnect(worker, ORIGIN));
	}

	@Override
	public CompletionStage<Void> disconnect() {
		return this.supervisor.ask((operations) -> operations.disconnectAll(null, ORIGIN));
	}

	@Override
	public CompletionStage<Void> kill(int worker, String signal) {
		return this.supervisor.ask((operations) -> operations.kill(worker, signal, ORIGIN));
	}

	@Override
	public CompletionStage<Void> shutdown() {
		return this.supervisor.ask((operations) -> operations.shutdown(ORIGIN));
	}

	@Override
	public CompletionStage<RestartStatus> restartAndAwait() {
		return await(restart());
	}

	@Override
	public CompletionStage<RestartStatus> restartAndAwait(String group) {
		return await(restart(group));
	}

	private static CompletionStage<RestartStatus> await(CompletionStage<RollingRestart> restart) {
		return restart.thenCompose(RollingRestart::completion).exceptionally(RestartOperation::aborted);
	}

	@Override
	public ClusterMessages messages() {
		return this.messages;
	}

}
