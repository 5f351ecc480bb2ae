package io.github.bootcluster.worker;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterException;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.RestartAbortedException;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.ScaleRefusedException;
import io.github.bootcluster.UnknownGroupException;
import io.github.bootcluster.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * {@link Cluster} of a worker: it passes operations to the master.
 */
public final class WorkerCluster implements Cluster {

	private final MasterConnection master;

	/**
	 * Creates the cluster of a worker.
	 * @param master the way to the master
	 */
	public WorkerCluster(MasterConnection master) {
		this.master = master;
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
	public List<ClusterWorker> workers() {
		return status().workers();
	}

	@Override
	public CompletionStage<RollingRestart> restart() {
		return restart(null, false);
	}

	@Override
	public CompletionStage<RollingRestart> restart(String group) {
		return restart(group, false);
	}

	@Override
	public CompletionStage<RestartStatus> restartAndAwait() {
		return await(restart(null, true));
	}

	@Override
	public CompletionStage<RestartStatus> restartAndAwait(String group) {
		return await(restart(group, true));
	}

	private static CompletionStage<RestartStatus> await(CompletionStage<RollingRestart> restart) {
		return restart.thenCompose(RollingRestart::completion).exceptionally(WorkerCluster::aborted);
	}

	private CompletionStage<RollingRestart> restart(@Nullable String group, boolean awaited) {
		return this.master.request((number) -> new Frame.Restart(number, group, awaited)).thenApply(this::begun);
	}

	@Override
	public CompletionStage<ScaleOutcome> scale(int workers) {
		return scale(ClusterWorker.DEFAULT_GROUP, workers);
	}

	@Override
	public CompletionStage<ScaleOutcome> scale(String group, int workers) {
		return this.master.request((number) -> new Frame.Scale(number, group, workers)).thenApply(this::scaled);
	}

	private ScaleOutcome scaled(Frame answer) {
		if (answer instanceof Frame.Scaled scaled) {
			return new ScaleOutcome(scaled.workers(), scaled.previous());
		}
		if (answer instanceof Frame.ScaleRefused refused) {
			throw new ScaleRefusedException(refused.reason());
		}
		throw refusal(answer);
	}

	private RollingRestart begun(Frame answer) {
		if (answer instanceof Frame.RestartStarted started) {
			return new WorkerRestart(this.master, started.status());
		}
		if (answer instanceof Frame.RestartAborted aborted) {
			throw new RestartAbortedException(aborted.status());
		}
		if (answer instanceof Frame.RestartRefused refused) {
			throw new RestartInProgressException(refused.runningId());
		}
		throw refusal(answer);
	}

	private static ClusterException refusal(Frame answer) {
		if (answer instanceof Frame.GroupUnknown unknown) {
			return new UnknownGroupException(unknown.group(), unknown.known());
		}
		return new ClusterUnavailableException(
				(answer instanceof Frame.Failed failed) ? failed.reason() : "The master gave an unexpected answer");
	}

	private static RestartStatus aborted(Throwable failure) {
		if (failure.getCause() instanceof RestartAbortedException aborted) {
			return aborted.getStatus();
		}
		throw (failure instanceof CompletionException completion) ? completion : new CompletionException(failure);
	}

}
