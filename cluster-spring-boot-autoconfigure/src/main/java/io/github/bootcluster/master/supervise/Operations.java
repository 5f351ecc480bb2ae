package io.github.bootcluster.master.supervise;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.DisconnectOutcome;
import io.github.bootcluster.ForkRefusedException;
import io.github.bootcluster.ScaleRefusedException;
import io.github.bootcluster.SignalRefusedException;
import io.github.bootcluster.UnknownWorkerException;
import io.github.bootcluster.master.listen.Listeners;
import io.github.bootcluster.process.WorkerSignal;
import io.github.bootcluster.wire.ForkEnvironment;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What a user may want of single workers, and the end of all. It belongs to the
 * supervisor's thread, on which its stages complete, too; what is refused is thrown.
 */
final class Operations {

	private static final Log logger = LogFactory.getLog(Operations.class);

	private final ClusterLife life;

	private final SlotTable slots;

	private final WorkerPool workers;

	private final Scaler scaler;

	private final PendingForks forks;

	private final Listeners listeners;

	private final EventThread thread;

	private final Runnable exit;

	/**
	 * Creates the operations.
	 * @param life how far the cluster is
	 * @param slots the slots that there are
	 * @param workers the workers that there are
	 * @param scaler adds and removes slots
	 * @param forks those who wait for a worker
	 * @param listeners the addresses that the workers share
	 * @param thread the thread that everything happens on
	 * @param exit ends this process in the orderly way, which stops the cluster
	 */
	Operations(ClusterLife life, SlotTable slots, WorkerPool workers, Scaler scaler, PendingForks forks,
			Listeners listeners, EventThread thread, Runnable exit) {
		this.life = life;
		this.slots = slots;
		this.workers = workers;
		this.scaler = scaler;
		this.forks = forks;
		this.listeners = listeners;
		this.thread = thread;
		this.exit = exit;
	}

	/**
	 * Sees to it that there is a cluster to operate on.
	 * @throws ClusterUnavailableException if it is starting or shutting down
	 */
	void requireAvailable() {
		this.life.requireAvailable();
	}

	/**
	 * Forks one worker more.
	 * @param environment variables of its slot's workers
	 * @param origin who asks for it, fit for a log line
	 * @return a stage that completes once it is ready
	 */
	CompletionStage<ClusterWorker> fork(Map<String, String> environment, String origin) {
		this.life.requireAvailable();
		try {
			Slot slot = this.scaler.add(ForkEnvironment.check(environment), origin);
			CompletionStage<ClusterWorker> forked = this.forks.await(slot);
			return forked;
		}
		catch (ScaleRefusedException ex) {
			throw new ForkRefusedException(String.valueOf(ex.getMessage()));
		}
	}

	/**
	 * Finds a worker.
	 * @param id the worker's id
	 * @return the worker
	 * @throws UnknownWorkerException if there is no such worker
	 */
	WorkerHandle find(int id) {
		WorkerHandle worker = this.workers.byId(id);
		if (worker == null) {
			throw new UnknownWorkerException(id, this.workers.all().stream().map(WorkerHandle::id).toList());
		}
		return worker;
	}

	/**
	 * Lets a worker end for good.
	 * @param id the worker's id
	 * @param origin who asks for it, fit for a log line
	 * @return a stage that completes once it has exited
	 */
	CompletionStage<DisconnectOutcome> disconnect(int id, String origin) {
		this.life.requireAvailable();
		WorkerHandle worker = find(id);
		if (worker.isStaying()) {
			this.slots.all()
				.stream()
				.filter((slot) -> slot.isOf(worker))
				.toList()
				.forEach((slot) -> this.scaler.remove(slot, "disconnected, as %s wants".formatted(origin)));
		}
		CompletionStage<DisconnectOutcome> ended = worker.onExit()
			.thenApply((how) -> new DisconnectOutcome(worker.snapshot(), how));
		ended.thenRun(this::closeListenersIfDeserted);
		return ended;
	}

	/**
	 * Lets all workers end for good.
	 * @param asker the worker that asks, which need not have exited, or {@code null}
	 * @param origin who asks for it, fit for a log line
	 * @return a stage that completes once they have exited
	 */
	CompletionStage<Void> disconnectAll(@Nullable WorkerHandle asker, String origin) {
		this.life.requireAvailable();
		List<WorkerHandle> leaving = this.workers.all();
		List.copyOf(this.slots.all())
			.forEach((slot) -> this.scaler.remove(slot, "all disconnected, as %s wants".formatted(origin)));
		exitOf(leaving, null).thenRun(this::closeListenersIfDeserted);
		return exitOf(leaving, asker);
	}

	private static CompletableFuture<Void> exitOf(List<WorkerHandle> workers, @Nullable WorkerHandle except) {
		return CompletableFuture.allOf(workers.stream()
			.filter((worker) -> worker != except)
			.map((worker) -> worker.onExit().toCompletableFuture())
			.toArray(CompletableFuture[]::new));
	}

	/**
	 * Closes the listening sockets if nobody is there, or will be, who could take a
	 * connection: it would wait for ever.
	 */
	private void closeListenersIfDeserted() {
		if (this.slots.all().isEmpty() && this.workers.isEmpty()) {
			this.listeners.closeUnused(Set.copyOf(this.slots.groups()), Set.of());
		}
	}

	/**
	 * Sends a worker a signal.
	 * @param id the worker's id
	 * @param name the signal's name
	 * @param origin who asks for it, fit for a log line
	 * @return a stage that completes once it is sent, or fails with
	 * {@link SignalRefusedException}
	 */
	CompletionStage<Void> kill(int id, String name, String origin) {
		WorkerSignal signal = signal(name);
		WorkerHandle worker = find(id);
		logger.info("%s is sent the signal %s, as %s wants".formatted(worker, signal, origin));
		if (signal == WorkerSignal.KILL) {
			worker.kill(this.thread.nanoTime());
			return CompletableFuture.completedFuture(null);
		}
		return worker.process().signal(signal).exceptionally((failure) -> {
			Throwable cause = (failure instanceof CompletionException && failure.getCause() != null)
					? failure.getCause() : failure;
			throw new SignalRefusedException(name, String.valueOf(cause.getMessage()));
		});
	}

	/**
	 * Finds a signal that may be sent.
	 * @param name the signal's name
	 * @return the signal
	 * @throws SignalRefusedException if it may not be sent
	 */
	WorkerSignal signal(String name) {
		return WorkerSignal.find(name)
			.orElseThrow(() -> new SignalRefusedException(name, "allowed are " + WorkerSignal.names()));
	}

	/**
	 * Ends the cluster and this process.
	 * @param origin who asks for it, fit for a log line
	 * @return a stage that completes once no worker is left
	 * @throws ClusterUnavailableException if there is no cluster yet
	 */
	CompletionStage<Void> shutdown(String origin) {
		if (!this.life.isStopping()) {
			this.life.requireAvailable();
			logger.info("The cluster ends, as %s wants".formatted(origin));
			this.exit.run();
		}
		return this.life.stopped();
	}

}
