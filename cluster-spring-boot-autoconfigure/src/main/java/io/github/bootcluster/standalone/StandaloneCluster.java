package io.github.bootcluster.standalone;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.DisconnectOutcome;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.message.ClusterMessages;
import org.jspecify.annotations.Nullable;

/**
 * {@link Cluster} of a process that is not clustered.
 */
public class StandaloneCluster implements Cluster {

	static final String NOT_CLUSTERED = "This process is not clustered: cluster.workers is not set, or the "
			+ "process is a test or on a system that cannot be clustered";

	private final ClusterMessages messages;

	public StandaloneCluster(ClusterMessages messages) {
		this.messages = messages;
	}

	@Override
	public ClusterRole role() {
		return ClusterRole.STANDALONE;
	}

	@Override
	public ClusterStatus status() {
		throw unavailable();
	}

	@Override
	public List<ClusterWorker> workers() {
		return List.of();
	}

	@Override
	public CompletionStage<RollingRestart> restart(@Nullable String group) {
		return CompletableFuture.failedStage(unavailable());
	}

	@Override
	public CompletionStage<ScaleOutcome> scale(String group, int workers) {
		return CompletableFuture.failedStage(unavailable());
	}

	@Override
	public CompletionStage<RestartStatus> restartAndAwait(@Nullable String group) {
		return CompletableFuture.failedStage(unavailable());
	}

	@Override
	public CompletionStage<ClusterWorker> fork(Map<String, String> environment) {
		return CompletableFuture.failedStage(unavailable());
	}

	@Override
	public CompletionStage<DisconnectOutcome> disconnect(int worker) {
		return CompletableFuture.failedStage(unavailable());
	}

	@Override
	public CompletionStage<Void> disconnect() {
		return CompletableFuture.failedStage(unavailable());
	}

	@Override
	public CompletionStage<ClusterWorker> replace(int worker) {
		return CompletableFuture.failedStage(unavailable());
	}

	@Override
	public CompletionStage<Void> kill(int worker, String signal) {
		return CompletableFuture.failedStage(unavailable());
	}

	@Override
	public CompletionStage<Void> stop() {
		return CompletableFuture.failedStage(unavailable());
	}

	@Override
	public ClusterMessages messages() {
		return this.messages;
	}

	private ClusterUnavailableException unavailable() {
		return new ClusterUnavailableException(NOT_CLUSTERED);
	}

}
