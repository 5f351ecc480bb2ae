package io.github.bootcluster.master.supervise;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.wire.Failure;
import io.github.bootcluster.wire.OperatedCluster;
import io.github.bootcluster.wire.Operation;

/**
 * {@link Cluster} of the master itself.
 */
public final class MasterCluster extends OperatedCluster {

	private static final String ORIGIN = "the application";

	private final Supervisor supervisor;

	private final ClusterMessages messages;

	private final Executor callbacks;

	/**
	 * Creates the cluster.
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
	protected <T> CompletionStage<T> perform(Operation operation, Class<T> type) {
		return detach(this.supervisor.perform(operation, ORIGIN),
				(result) -> type.cast((result instanceof RollingRestart restart) ? detached(restart) : result));
	}

	private RollingRestart detached(RollingRestart restart) {
		return new DetachedRestart(restart, detach(restart.completion(), Function.identity()));
	}

	private <S, T> CompletionStage<T> detach(CompletionStage<S> stage, Function<S, T> mapping) {
		CompletableFuture<T> detached = new CompletableFuture<>();
		stage.whenCompleteAsync((result, failure) -> {
			if (failure != null) {
				detached.completeExceptionally(Failure.cause(failure));
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
