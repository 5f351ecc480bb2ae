package io.github.bootcluster.worker;

import java.util.concurrent.CompletionStage;
import java.util.function.Function;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.wire.OperatedCluster;
import io.github.bootcluster.wire.Operation;

/**
 * {@link Cluster} of a worker: it passes operations to the master.
 */
public final class WorkerCluster extends OperatedCluster {

	private final MasterConnection master;

	private final ClusterMessages messages;

	/**
	 * Creates the cluster of a worker.
	 */
	public WorkerCluster(MasterConnection master, ClusterMessages messages) {
		this.master = master;
		this.messages = messages;
	}

	@Override
	public ClusterRole role() {
		return ClusterRole.WORKER;
	}

	@Override
	public ClusterStatus status() {
		ClusterStatus status = this.master.status();
		if (status == null) {
			throw new ClusterUnavailableException("The master has not told its status yet");
		}
		return status;
	}

	@Override
	protected <T> CompletionStage<T> perform(Operation operation, Class<T> type) {
		return this.master.perform(operation)
			.thenApply((result) -> type
				.cast((result instanceof RestartStatus restart) ? new WorkerRestart(this.master, restart) : result));
	}

	@Override
	protected CompletionStage<RestartStatus> await(RollingRestart restart) {
		CompletionStage<RestartStatus> leaving = this.master.drainRequested().thenApply((limit) -> restart.status());
		return restart.completion().applyToEither(leaving, Function.identity());
	}

	@Override
	public ClusterMessages messages() {
		return this.messages;
	}

}
