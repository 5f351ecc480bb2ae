package io.github.bootcluster.master.supervise;

import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.ClusterUnavailableException;
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

	private final Set<String> awaited;

	private @Nullable FirstWorkerFailedException doubt;

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

	boolean isPrepared() {
		return this.prepared;
	}

	void start(String group) {
		if (group.equals(firstAwaited())) {
			this.doubt = null;
		}
		this.awaited.remove(group);
		if (this.awaited.isEmpty()) {
			this.started.complete(null);
		}
	}

	/**
	 * Tells whether no worker of a group has been ready yet.
	 */
	boolean awaits(String group) {
		return this.awaited.contains(group);
	}

	/**
	 * Returns the first group of which no worker has been ready yet.
	 */
	@Nullable String firstAwaited() {
		return this.awaited.isEmpty() ? null : this.awaited.iterator().next();
	}

	/**
	 * Takes note that a worker of a group that has none yet did not start, while others
	 * still may.
	 */
	void doubt(FirstWorkerFailedException failure) {
		if (this.doubt == null) {
			this.doubt = failure;
		}
	}

	/**
	 * Tells whether a worker of the group that is awaited did not start.
	 */
	boolean isInDoubt() {
		return this.doubt != null;
	}

	/**
	 * Takes note that a group will have no first worker: no other is to be forked either.
	 * What was wrong with the first of them is what is told.
	 */
	void failStart(Throwable failure) {
		this.stopping = true;
		this.started.completeExceptionally((this.doubt != null) ? this.doubt : failure);
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
