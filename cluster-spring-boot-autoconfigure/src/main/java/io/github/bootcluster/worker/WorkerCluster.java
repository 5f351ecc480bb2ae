package io.github.bootcluster.worker;

import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterMessages;
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
import io.github.bootcluster.wire.Frame;

/**
 * {@link Cluster} of a worker: it passes operations to the master.
 */
public final class WorkerCluster implements Cluster {

	private final MasterConnection master;

	private final ClusterMessages messages;

	/**
	 * Creates the cluster of a worker.
	 * @param master the way to the master
	 * @param messages the messages
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
	public List<ClusterWorker> workers() {
		return status().workers();
	}

	@Override
	public CompletionStage<RollingRestart> restart() {
		return restart(false);
	}

	@Override
	public CompletionStage<RestartStatus> restartAndAwait() {
		return restart(true).thenCompose(RollingRestart::completion).exceptionally(WorkerCluster::aborted);
	}

	private CompletionStage<RollingRestart> restart(boolean awaited) {
		return this.master.request((number) -> new Frame.Restart(number, awaited)).thenApply(this::begun);
	}

	@Override
	public CompletionStage<ScaleOutcome> scale(int workers) {
		return this.master.request((number) -> new Frame.Scale(number, workers)).thenApply(this::scaled);
	}

	private ScaleOutcome scaled(Frame answer) {
		if (answer instanceof Frame.Scaled scaled) {
			return new ScaleOutcome(scaled.workers(), scaled.previous());
		}
		if (answer instanceof Frame.ScaleRefused refused) {
			throw new ScaleRefusedException(refused.reason());
		}
		throw unavailable(answer);
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
		throw unavailable(answer);
	}

	private static ClusterUnavailableException unavailable(Frame answer) {
		return new ClusterUnavailableException(
				(answer instanceof Frame.Failed failed) ? failed.reason() : "The master gave an unexpected answer");
	}

	private static RestartStatus aborted(Throwable failure) {
		if (failure.getCause() instanceof RestartAbortedException aborted) {
			return aborted.getStatus();
		}
		throw (failure instanceof CompletionException completion) ? completion : new CompletionException(failure);
	}

	@Override
	public ClusterMessages messages() {
		return this.messages;
	}

}
