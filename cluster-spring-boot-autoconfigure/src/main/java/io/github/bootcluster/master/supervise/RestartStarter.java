package io.github.bootcluster.master.supervise;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;

import io.github.bootcluster.ClusterException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.wire.ApplicationExecutor;
import io.github.bootcluster.wire.Failure;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Begins rolling restarts: has the application copied and the settings read anew, and
 * adopts these. It belongs to the supervisor's thread.
 */
final class RestartStarter {

	private static final Log logger = LogFactory.getLog(RestartStarter.class);

	private final LiveSettings settings;

	private final SlotTable slots;

	private final Restarter restarter;

	private final Generations generations;

	private final Scaler scaler;

	private final EventThread thread;

	private final Executor executor = ApplicationExecutor.create();

	private @Nullable IntFunction<NewSettings> reader;

	RestartStarter(LiveSettings settings, SlotTable slots, Restarter restarter, Generations generations, Scaler scaler,
			EventThread thread) {
		this.settings = settings;
		this.slots = slots;
		this.restarter = restarter;
		this.generations = generations;
		this.scaler = scaler;
		this.thread = thread;
	}

	void readBy(IntFunction<NewSettings> reader) {
		this.reader = reader;
	}

	/**
	 * Begins a rolling restart.
	 * @param group the group whose workers are replaced, or {@code null} for all
	 * @return a stage that completes once the new generation can be brought up, or fails
	 * with what is wrong
	 */
	CompletionStage<RollingRestart> begin(@Nullable String group, @Nullable WorkerHandle waiter) {
		RestartOperation restart = this.restarter.begin((group != null) ? List.of(group) : this.slots.groups(), waiter);
		try {
			this.generations.prepare(restart.generation())
				.thenCompose((done) -> read(restart.generation()))
				.whenComplete((next, failure) -> this.thread.execute(() -> {
					if (failure == null && restart.isRunning()) {
						next.ifPresent((its) -> adopt(its, restart));
					}
					this.restarter.prepared(restart, (failure != null) ? Failure.cause(failure) : null);
				}));
			return restart.begun();
		}
		catch (RuntimeException ex) {
			logger.error("Cannot start rolling restart " + restart.id(), ex);
			this.restarter.abort("it failed: " + ex, List.of());
			throw ex;
		}
	}

	/**
	 * Reads the settings on another thread: their source may take its time.
	 * @return a stage that completes with them, or with nothing if they never change
	 */
	private CompletionStage<Optional<NewSettings>> read(int generation) {
		IntFunction<NewSettings> current = this.reader;
		return (current != null)
				? CompletableFuture.supplyAsync(() -> Optional.of(current.apply(generation)), this.executor)
				: CompletableFuture.completedFuture(Optional.empty());
	}

	/**
	 * Goes by new settings, unless the restart that brings them is aborted. Another
	 * number of workers comes when it is complete.
	 */
	private void adopt(NewSettings next, RestartOperation restart) {
		MasterSettings previous = this.settings.get();
		next.unapplied().forEach((change) -> logger.warn(change + "; restart the master to apply it"));
		restart.leaveOut(next.unapplied());
		this.settings.replace(next.settings());
		restart.completion().thenAccept((end) -> this.thread.execute(() -> {
			if (end.state() == RestartState.ABORTED) {
				this.settings.replace(previous);
			}
			else {
				resize(ClusterWorker.DEFAULT_GROUP, previous.workers(), next.settings().workers());
				previous.groups().forEach((old) -> resize(old.name(), old.workers(), workers(next.settings(), old)));
			}
		}));
	}

	private static int workers(MasterSettings settings, WorkerGroup old) {
		return settings.groups()
			.stream()
			.filter((group) -> group.name().equals(old.name()))
			.mapToInt(WorkerGroup::workers)
			.findFirst()
			.orElse(old.workers());
	}

	private void resize(String group, int previous, int wanted) {
		if (wanted == previous) {
			return;
		}
		try {
			this.scaler.scale(group, wanted, "the new configuration");
		}
		catch (ClusterException ex) {
			logger.warn("New number of workers not applied: " + ex.getMessage());
		}
	}

}
