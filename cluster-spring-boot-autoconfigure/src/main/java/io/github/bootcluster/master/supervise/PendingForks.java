package io.github.bootcluster.master.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.ClusterException;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ForkFailedException;

/**
 * Slots that were added for somebody who waits until a worker is ready in them. One whose
 * worker fails before that is given up again, without any further attempt. It belongs to
 * the supervisor's thread.
 */
final class PendingForks {

	private final List<Slot> slots;

	private final WorkerPool workers;

	private final Scaler scaler;

	private final List<Pending> waiting = new ArrayList<>();

	/**
	 * Creates an empty list.
	 * @param slots the slots
	 * @param workers the workers that there are
	 * @param scaler gives slots up
	 */
	PendingForks(List<Slot> slots, WorkerPool workers, Scaler scaler) {
		this.slots = slots;
		this.workers = workers;
		this.scaler = scaler;
	}

	/**
	 * Waits for the first worker of a slot.
	 * @param slot the slot
	 * @return a stage that completes once it is ready, or fails with
	 * {@link ForkFailedException}, or with {@link ClusterUnavailableException} if the
	 * cluster is shut down before
	 */
	CompletableFuture<ClusterWorker> await(Slot slot) {
		Pending pending = new Pending(slot, new CompletableFuture<>());
		this.waiting.add(pending);
		return pending.fork();
	}

	/**
	 * Takes note of a worker that became ready.
	 * @param worker the worker
	 */
	void ready(WorkerHandle worker) {
		find(worker.group(), worker.slot()).ifPresent((pending) -> {
			this.waiting.remove(pending);
			pending.fork().complete(worker.snapshot());
		});
	}

	/**
	 * Takes note of a worker that did not become ready.
	 * @param worker the worker
	 * @param reason what became of it
	 * @param lastLines what it wrote last
	 * @return whether somebody has waited for it, who knows now
	 */
	boolean failed(ClusterWorker worker, String reason, List<String> lastLines) {
		Optional<Pending> alone = find(worker.group(), worker.slot())
			.filter((pending) -> this.workers.in(pending.slot()).noneMatch(WorkerHandle::isStaying));
		alone.ifPresent((pending) -> {
			this.scaler.remove(pending.slot(), "its first worker did not become ready");
			fail(pending, new ForkFailedException(worker.slot(), reason, lastLines));
		});
		return alone.isPresent();
	}

	/**
	 * Tells those who wait for what will not come any more.
	 * @param stopping whether the cluster is shutting down
	 */
	void review(boolean stopping) {
		for (Pending pending : List.copyOf(this.waiting)) {
			if (stopping) {
				fail(pending, new ClusterUnavailableException("The cluster is shutting down"));
			}
			else if (!this.slots.contains(pending.slot())) {
				fail(pending, new ForkFailedException(pending.slot().number(),
						"is not wanted any more, as its slot was given up meanwhile", List.of()));
			}
		}
	}

	private void fail(Pending pending, ClusterException failure) {
		this.waiting.remove(pending);
		pending.fork().completeExceptionally(failure);
	}

	private Optional<Pending> find(String group, int slot) {
		return this.waiting.stream()
			.filter((pending) -> pending.slot().number() == slot && pending.slot().group().equals(group))
			.findFirst();
	}

	/**
	 * Somebody who waits.
	 *
	 * @param slot the slot that was added
	 * @param fork what is waited for
	 */
	private record Pending(Slot slot, CompletableFuture<ClusterWorker> fork) {

	}

}
