package io.github.bootcluster.worker;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.IntFunction;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterException;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.DisconnectOutcome;
import io.github.bootcluster.ForkFailedException;
import io.github.bootcluster.ForkRefusedException;
import io.github.bootcluster.RestartAbortedException;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.ScaleRefusedException;
import io.github.bootcluster.SignalRefusedException;
import io.github.bootcluster.UnknownGroupException;
import io.github.bootcluster.UnknownWorkerException;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.wire.ForkEnvironment;
import io.github.bootcluster.wire.Frame;
import org.jspecify.annotations.Nullable;

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
		return this.master.operate((number) -> new Frame.Restart(number, group, awaited)).thenApply(this::begun);
	}

	@Override
	public CompletionStage<ScaleOutcome> scale(int workers) {
		return scale(ClusterWorker.DEFAULT_GROUP, workers);
	}

	@Override
	public CompletionStage<ScaleOutcome> scale(String group, int workers) {
		return this.master.operate((number) -> new Frame.Scale(number, group, workers)).thenApply(this::scaled);
	}

	@Override
	public CompletionStage<ClusterWorker> fork(Map<String, String> environment) {
		try {
			Map<String, String> checked = ForkEnvironment.check(environment);
			return ask((number) -> new Frame.Fork(number, checked), Frame.Forked.class).thenApply(Frame.Forked::worker);
		}
		catch (ForkRefusedException ex) {
			return CompletableFuture.failedStage(ex);
		}
	}

	@Override
	public CompletionStage<DisconnectOutcome> disconnect(int worker) {
		return ask((number) -> new Frame.Disconnect(number, worker), Frame.Disconnected.class)
			.thenApply(Frame.Disconnected::outcome);
	}

	@Override
	public CompletionStage<Void> disconnect() {
		return ask(Frame.DisconnectAll::new, Frame.Done.class).thenApply((done) -> null);
	}

	@Override
	public CompletionStage<Void> kill(int worker, String signal) {
		return ask((number) -> new Frame.Kill(number, worker, signal), Frame.Done.class).thenApply((done) -> null);
	}

	@Override
	public CompletionStage<Void> shutdown() {
		return ask(Frame.Shutdown::new, Frame.Done.class).thenApply((done) -> null);
	}

	private <T extends Frame.Answer> CompletionStage<T> ask(IntFunction<Frame.Operation> request, Class<T> success) {
		return this.master.operate(request).thenApply((answer) -> {
			if (success.isInstance(answer)) {
				return success.cast(answer);
			}
			throw failure(answer);
		});
	}

	private static RuntimeException failure(Frame answer) {
		if (answer instanceof Frame.ForkRefused refused) {
			return new ForkRefusedException(refused.reason());
		}
		if (answer instanceof Frame.ForkFailed failed) {
			return new ForkFailedException(failed.slot(), failed.reason(), failed.lastLines());
		}
		if (answer instanceof Frame.UnknownWorker unknown) {
			return new UnknownWorkerException(unknown.worker(), unknown.known());
		}
		if (answer instanceof Frame.SignalRefused refused) {
			return new SignalRefusedException(refused.signal(), refused.reason());
		}
		return refusal(answer);
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

	@Override
	public ClusterMessages messages() {
		return this.messages;
	}

}
