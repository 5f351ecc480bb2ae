package io.github.bootcluster.master.supervise;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.DisconnectOutcome;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.SignalRefusedException;
import io.github.bootcluster.UnknownWorkerException;
import io.github.bootcluster.process.WorkerSignal;
import io.github.bootcluster.wire.Failure;
import io.github.bootcluster.wire.ForkEnvironment;
import io.github.bootcluster.wire.Operation;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Performs the operations on the cluster, whether they come from the endpoint, a signal,
 * a bean or a worker. It belongs to the supervisor's thread, on which its stages
 * complete; a refused operation throws an exception.
 */
final class Operations {

	private static final Log logger = LogFactory.getLog(Operations.class);

	private final ClusterLife life;

	private final SlotTable slots;

	private final WorkerPool workers;

	private final Scaler scaler;

	private final RestartStarter restarts;

	private final Recycler recycler;

	private final Runnable exit;

	Operations(ClusterLife life, SlotTable slots, WorkerPool workers, Scaler scaler, RestartStarter restarts,
			Recycler recycler, Runnable exit) {
		this.life = life;
		this.slots = slots;
		this.workers = workers;
		this.scaler = scaler;
		this.restarts = restarts;
		this.recycler = recycler;
		this.exit = exit;
	}

	/**
	 * Performs an operation.
	 */
	CompletionStage<?> perform(Operation operation, String origin, @Nullable WorkerHandle asker) {
		if (operation instanceof Operation.Restart restart) {
			return restart(restart.group(), restart.awaited() ? asker : null);
		}
		if (operation instanceof Operation.Scale scale) {
			return CompletableFuture.completedFuture(scale(scale.group(), scale.workers(), origin));
		}
		if (operation instanceof Operation.Fork fork) {
			return fork(fork, origin);
		}
		if (operation instanceof Operation.Disconnect disconnect) {
			return disconnect(find(disconnect.worker()), origin);
		}
		if (operation instanceof Operation.Replace replace) {
			return CompletableFuture.completedFuture(replace(replace.worker(), origin));
		}
		if (operation instanceof Operation.DisconnectAll) {
			return disconnectAll(origin, asker);
		}
		if (operation instanceof Operation.Kill kill) {
			return kill(find(kill.worker()), signal(kill.signal()), origin);
		}
		// The sealed type has no further one
		return stop(origin);
	}

	/**
	 * Tells whether an operation ends the worker that asks for it, so that it has to be
	 * answered before it is performed.
	 */
	static boolean endsAsker(Operation operation, WorkerHandle asker) {
		return operation instanceof Operation.Disconnect disconnect && disconnect.worker() == asker.id()
				|| operation instanceof Operation.Kill kill && kill.worker() == asker.id();
	}

	/**
	 * Checks an operation that ends the worker that asks for it.
	 * @return what to answer, or {@code null} if it has no result
	 */
	@Nullable DisconnectOutcome answerBefore(Operation operation, WorkerHandle asker) {
		if (operation instanceof Operation.Kill kill) {
			signal(kill.signal());
			return null;
		}
		this.life.requireAvailable();
		return new DisconnectOutcome(asker.snapshot(), null);
	}

	private CompletionStage<RollingRestart> restart(@Nullable String group, @Nullable WorkerHandle waiter) {
		this.life.requireAvailable();
		if (group != null) {
			this.slots.requireGroup(group);
		}
		return this.restarts.begin(group, waiter);
	}

	ScaleOutcome scale(String group, int workers, String origin) {
		this.life.requireAvailable();
		this.slots.requireGroup(group);
		return this.scaler.scale(group, workers, origin);
	}

	private CompletionStage<ClusterWorker> fork(Operation.Fork fork, String origin) {
		this.life.requireAvailable();
		return this.scaler.fork(ForkEnvironment.check(fork.environment()), origin);
	}

	private WorkerHandle find(int id) {
		WorkerHandle worker = this.workers.byId(id);
		if (worker == null) {
			throw new UnknownWorkerException(id, this.workers.all().stream().map(WorkerHandle::id).toList());
		}
		return worker;
	}

	private CompletionStage<DisconnectOutcome> disconnect(WorkerHandle worker, String origin) {
		this.life.requireAvailable();
		if (worker.isStaying()) {
			this.slots.all()
				.stream()
				.filter((slot) -> slot.isOf(worker))
				.toList()
				.forEach((slot) -> this.scaler.remove(slot, "disconnect requested by " + origin));
		}
		return worker.onExit().thenApply((exit) -> new DisconnectOutcome(worker.snapshot(), exit));
	}

	private ClusterWorker replace(int id, String origin) {
		this.life.requireAvailable();
		WorkerHandle worker = find(id);
		if (!worker.isReady() || !worker.isStaying()) {
			throw new UnknownWorkerException(id,
					this.workers.all().stream().filter(WorkerHandle::isReady).map(WorkerHandle::id).toList());
		}
		this.recycler.request(worker, "replaced (requested by %s)".formatted(origin));
		return worker.snapshot();
	}

	/**
	 * Lets all workers end for good.
	 * @return a stage that completes once they have exited
	 */
	private CompletionStage<Void> disconnectAll(String origin, @Nullable WorkerHandle asker) {
		this.life.requireAvailable();
		List<WorkerHandle> leaving = this.workers.all();
		List.copyOf(this.slots.all()).forEach((slot) -> this.scaler.remove(slot, "disconnect requested by " + origin));
		return CompletableFuture.allOf(leaving.stream()
			.filter((worker) -> worker != asker)
			.map((worker) -> worker.onExit().toCompletableFuture())
			.toArray(CompletableFuture[]::new));
	}

	private CompletionStage<Void> kill(WorkerHandle worker, WorkerSignal signal, String origin) {
		logger.info("Sending SIG%s to %s (requested by %s)".formatted(signal, worker, origin));
		if (signal == WorkerSignal.KILL) {
			this.workers.kill(worker);
			return CompletableFuture.completedFuture(null);
		}
		return worker.process().signal(signal).exceptionally((failure) -> {
			throw new SignalRefusedException(signal.toString(), String.valueOf(Failure.cause(failure).getMessage()));
		});
	}

	private static WorkerSignal signal(String name) {
		return WorkerSignal.find(name)
			.orElseThrow(() -> new SignalRefusedException(name, "allowed are " + WorkerSignal.names()));
	}

	/**
	 * Ends the cluster and this process.
	 * @return a stage that completes once no worker is left
	 */
	private CompletionStage<Void> stop(String origin) {
		if (!this.life.isStopping()) {
			this.life.requireAvailable();
			logger.info("Shutting down (requested by %s)".formatted(origin));
			this.exit.run();
		}
		return this.life.stopped();
	}

}
