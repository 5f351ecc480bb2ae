package io.github.bootcluster.master.supervise;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.master.listen.Listeners;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * How far the cluster is between its start and its end. It belongs to the supervisor's
 * thread, but for the stages, which anybody may wait for.
 */
final class ClusterLife {

	private static final Log logger = LogFactory.getLog(ClusterLife.class);

	private final CompletableFuture<Void> started = new CompletableFuture<>();

	private final CompletableFuture<Void> stopped = new CompletableFuture<>();

	/**
	 * Groups of which no worker has been ready yet, in the order in which they start.
	 */
	private final Set<String> awaited;

	/**
	 * Of the group that is next.
	 */
	private @Nullable FirstWorkerFailedException firstFailure;

	private final LiveSettings settings;

	private final WorkerPool workers;

	private final Listeners listeners;

	private final EventThread thread;

	private final Set<WorkerHandle> takenAlong = new HashSet<>();

	private boolean prepared;

	private boolean stopping;

	private boolean drainingAll;

	/**
	 * Creates the life of a cluster that has not started.
	 */
	ClusterLife(LiveSettings settings, Collection<String> groups, WorkerPool workers, Listeners listeners,
			EventThread thread) {
		this.settings = settings;
		this.awaited = new LinkedHashSet<>(groups);
		this.workers = workers;
		this.listeners = listeners;
		this.thread = thread;
	}

	CompletionStage<Void> started() {
		return this.started;
	}

	CompletionStage<Void> stopped() {
		return this.stopped;
	}

	/**
	 * Takes note that the application was copied, or cannot be.
	 */
	void prepared() {
		this.prepared = true;
	}

	/**
	 * Takes note that a worker of a group is ready.
	 */
	void ready(String group) {
		if (this.awaited.remove(group)) {
			this.firstFailure = null;
		}
		if (this.awaited.isEmpty()) {
			this.started.complete(null);
		}
	}

	/**
	 * Tells whether the cluster is starting and no worker of a group has been ready yet.
	 */
	boolean awaits(String group) {
		return !isStarted() && this.awaited.contains(group);
	}

	/**
	 * Tells whether a further worker may start beside those that do. Until one of each
	 * group has been ready, only the group that is next starts workers: just one, so that
	 * an application that cannot start says so once, unless it is known to have started
	 * before.
	 */
	boolean mayStart(Slot slot, boolean ranBefore) {
		int starting = this.workers.count(WorkerHandle::isStarting);
		if (isStarted()) {
			return starting < this.settings.parallelStarts();
		}
		if (!this.prepared || this.firstFailure != null || !slot.group().equals(this.awaited.iterator().next())) {
			return false;
		}
		return ranBefore ? starting < this.settings.parallelStarts()
				: this.workers.count((worker) -> !worker.isReady()) == 0;
	}

	/**
	 * Takes note that a worker of a group that has none yet did not start. If no other of
	 * its group still may, the start fails with the first failure.
	 * @return whether the start goes on
	 */
	boolean failed(ClusterWorker worker, FirstWorkerFailedException failure) {
		if (this.firstFailure == null) {
			this.firstFailure = failure;
		}
		if (this.workers.count((other) -> other.isStarting() && other.group().equals(worker.group())) == 0) {
			failStart(this.firstFailure);
			return false;
		}
		logger.warn("Worker %d (%s) %s while other workers of its group are still starting".formatted(worker.id(),
				Slot.describe(worker.group(), worker.slot()), failure.getReason()));
		return true;
	}

	/**
	 * Takes note that the cluster cannot start: no worker is to be forked any more.
	 */
	void failStart(Throwable failure) {
		this.stopping = true;
		this.started.completeExceptionally(failure);
	}

	boolean isStarted() {
		return this.started.isDone();
	}

	void forkNoMore() {
		this.stopping = true;
	}

	/**
	 * Shuts the cluster down: what is queued is handed over first, then all workers
	 * drain.
	 */
	void stop() {
		if (!this.stopping) {
			logger.info("Shutting down: draining %d workers".formatted(this.workers.size()));
		}
		this.stopping = true;
		this.workers.all().stream().filter(WorkerHandle::isLeavingByItself).forEach(this::takeAlong);
		// Nobody else is left to serve what is queued
		this.workers.all()
			.stream()
			.filter((worker) -> worker.isReady() && worker.isRefusing())
			.forEach((worker) -> this.listeners.admit(worker.id()));
		// If workers do not take what is queued, half of the time is left for their own
		// end
		this.listeners.close(this.settings.drainTimeout().dividedBy(2))
			.whenComplete((done, failure) -> this.thread.execute(this::drainAll));
	}

	private void drainAll() {
		this.drainingAll = true;
		this.workers.all()
			.stream()
			.filter((worker) -> worker.isStaying() || this.takenAlong.contains(worker))
			.forEach((worker) -> this.workers.drain(worker, "shutdown"));
	}

	/**
	 * Notes that what ends this process has reached a worker as well. It has finished
	 * nothing yet, and takes part in what is queued.
	 */
	void takeAlong(WorkerHandle worker) {
		this.takenAlong.add(worker);
		this.workers.leave(worker, new Departure(Departure.Kind.REQUESTED, "shutdown"));
		if (worker.wasReady()) {
			this.listeners.admit(worker.id());
		}
		if (this.drainingAll) {
			this.workers.drain(worker, "shutdown");
		}
	}

	boolean isStopping() {
		return this.stopping;
	}

	void end() {
		this.stopped.complete(null);
	}

	void requireAvailable() {
		if (this.stopping || !isStarted()) {
			throw new ClusterUnavailableException("The cluster is starting or shutting down");
		}
	}

}
