package io.github.bootcluster.worker;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;

/**
 * Rolling restart as a worker follows it.
 */
final class WorkerRestart implements RollingRestart {

	private final CompletableFuture<RestartStatus> completion = new CompletableFuture<>();

	private final Consumer<ClusterStatus> reader = this::read;

	private volatile RestartStatus status;

	private volatile boolean seen;

	WorkerRestart(MasterConnection master, RestartStatus status) {
		this.status = status;
		master.addStatusReader(this.reader);
		ClusterStatus known = master.status();
		if (known != null) {
			read(known);
		}
		master.failWhenLost(this.completion);
		this.completion.whenComplete((result, failure) -> master.removeStatusReader(this.reader));
	}

	private void read(ClusterStatus current) {
		RestartStatus restart = current.restart();
		if (restart != null && restart.id().equals(this.status.id())) {
			this.seen = true;
			this.status = restart;
			if (restart.state() != RestartState.RUNNING) {
				this.completion.complete(restart);
			}
		}
		else if (restart != null && this.seen) {
			// Of two changes at once only the last one is told
			this.completion.completeExceptionally(new ClusterUnavailableException(
					"How rolling restart '%s' ended is not known: '%s' has begun since".formatted(id(), restart.id())));
		}
	}

	@Override
	public String id() {
		return this.status.id();
	}

	@Override
	public RestartStatus status() {
		return this.status;
	}

	@Override
	public CompletionStage<RestartStatus> completion() {
		return this.completion.minimalCompletionStage();
	}

}
