package io.github.bootcluster.worker;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import io.github.bootcluster.ClusterStatus;
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

	WorkerRestart(MasterConnection master, RestartStatus status) {
		this.status = status;
		master.addStatusReader(this.reader);
		ClusterStatus known = master.status();
		if (known != null) {
			read(known);
		}
		master.lost().thenRun(() -> this.completion.completeExceptionally(MasterConnection.unavailable()));
		this.completion.whenComplete((result, failure) -> master.removeStatusReader(this.reader));
	}

	private void read(ClusterStatus current) {
		RestartStatus restart = current.restart();
		if (restart != null && restart.id().equals(this.status.id())) {
			this.status = restart;
			if (restart.state() != RestartState.RUNNING) {
				this.completion.complete(restart);
			}
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
