package io.github.bootcluster.master.supervise;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.ClusterUnavailableException;

/**
 * How far the cluster is between its start and its end. It belongs to the supervisor's
 * thread, but for the stages, which anybody may wait for.
 */
final class ClusterLife {

	private final CompletableFuture<Void> started = new CompletableFuture<>();

	private final CompletableFuture<Void> stopped = new CompletableFuture<>();

	private final Set<String> awaited;

	private boolean prepared;

	private boolean stopping;

	/**
	 * Creates the life of a cluster that has not started.
	 * @param groups the groups of workers, one of each of which has to become ready
	 */
	ClusterLife(Collection<String> groups) {
		this.awaited = new HashSet<>(groups);
	}

	/**
	 * Returns when the start is over.
	 * @return a stage that completes once a worker of each group was ready, or fails
	 */
	CompletionStage<Void> started() {
		return this.started;
	}

	/**
	 * Returns when the end has come.
	 * @return a stage that completes once no worker is left
	 */
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

	/**
	 * Takes note that a worker is ready.
	 * @param group the worker's group
	 */
	void start(String group) {
		this.awaited.remove(group);
		if (this.awaited.isEmpty()) {
			this.started.complete(null);
		}
	}

	/**
	 * Tells whether no worker of a group has been ready yet.
	 * @param group the group
	 * @return whether the start waits for it
	 */
	boolean awaits(String group) {
		return this.awaited.contains(group);
	}

	/**
	 * Takes note that a group will have no first worker: no other is to be forked either.
	 * @param failure what is wrong
	 */
	void failStart(Throwable failure) {
		this.stopping = true;
		this.started.completeExceptionally(failure);
	}

	/**
	 * Tells whether the start is over.
	 * @return whether a worker of each group has been ready, or will never be
	 */
	boolean isStarted() {
		return this.started.isDone();
	}

	/**
	 * Takes note that no worker is to be forked any more.
	 */
	void stop() {
		this.stopping = true;
	}

	boolean isStopping() {
		return this.stopping;
	}

	/**
	 * Takes note that no worker is left.
	 */
	void end() {
		this.stopped.complete(null);
	}

	/**
	 * Sees to it that there is a cluster to operate on.
	 * @throws ClusterUnavailableException if it is starting or shutting down
	 */
	void requireAvailable() {
		if (this.stopping || !isStarted()) {
			throw new ClusterUnavailableException("The cluster is starting or shutting down");
		}
	}

}
