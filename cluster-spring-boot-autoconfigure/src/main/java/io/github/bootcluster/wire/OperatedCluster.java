package io.github.bootcluster.wire;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.DisconnectOutcome;
import io.github.bootcluster.ForkRefusedException;
import io.github.bootcluster.RestartAbortedException;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.ScaleOutcome;
import org.jspecify.annotations.Nullable;

/**
 * {@link Cluster} that turns what is asked of it into {@linkplain Operation operations}.
 */
public abstract class OperatedCluster implements Cluster {

	/**
	 * Has an operation performed.
	 * @return a stage that completes with the result, or fails with an exception of the
	 * cluster
	 */
	protected abstract <T> CompletionStage<T> perform(Operation operation, Class<T> type);

	@Override
	public final List<ClusterWorker> workers() {
		return status().workers();
	}

	@Override
	public final CompletionStage<RollingRestart> restart(@Nullable String group) {
		return perform(new Operation.Restart(group, false), RollingRestart.class);
	}

	@Override
	public final CompletionStage<RestartStatus> restartAndAwait(@Nullable String group) {
		return perform(new Operation.Restart(group, true), RollingRestart.class).thenCompose(this::await)
			.exceptionally(OperatedCluster::aborted);
	}

	/**
	 * Waits for a restart.
	 * @return a stage that completes with its last status, or with the one it has when
	 * this process can wait no longer
	 */
	protected CompletionStage<RestartStatus> await(RollingRestart restart) {
		return restart.completion();
	}

	private static RestartStatus aborted(Throwable failure) {
		if (Failure.cause(failure) instanceof RestartAbortedException ex) {
			return ex.getStatus();
		}
		throw (failure instanceof CompletionException wrapped) ? wrapped : new CompletionException(failure);
	}

	@Override
	public final CompletionStage<ScaleOutcome> scale(String group, int workers) {
		return perform(new Operation.Scale(group, workers), ScaleOutcome.class);
	}

	@Override
	public final CompletionStage<ClusterWorker> fork(Map<String, String> environment) {
		try {
			return perform(new Operation.Fork(ForkEnvironment.check(environment)), ClusterWorker.class);
		}
		catch (ForkRefusedException ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

	@Override
	public final CompletionStage<DisconnectOutcome> disconnect(int worker) {
		return perform(new Operation.Disconnect(worker), DisconnectOutcome.class);
	}

	@Override
	public final CompletionStage<ClusterWorker> replace(int worker) {
		return perform(new Operation.Replace(worker), ClusterWorker.class);
	}

	@Override
	public final CompletionStage<Void> disconnect() {
		return perform(new Operation.DisconnectAll(), Void.class);
	}

	@Override
	public final CompletionStage<Void> kill(int worker, String signal) {
		return perform(new Operation.Kill(worker, signal), Void.class);
	}

	@Override
	public final CompletionStage<Void> stop() {
		return perform(new Operation.Stop(), Void.class);
	}

}
