package io.github.bootcluster.master.supervise;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.ClusterException;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ForkFailedException;
import io.github.bootcluster.ForkRefusedException;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.ScaleRefusedException;
import io.github.bootcluster.master.listen.DescriptorBudget;
import io.github.bootcluster.master.listen.TooFewDescriptorsException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Changes the number of slots of a group, on the supervisor's thread. A slot that is
 * added gets the lowest number that is free, as a rule the one after the last; if there
 * are to be fewer, the last one goes first. Who adds a slot by a fork waits for its first
 * worker; one that fails is not tried again.
 */
final class Scaler {

	private static final int MAX_WORKERS = 1024;

	private static final Log logger = LogFactory.getLog(Scaler.class);

	private final DescriptorBudget descriptors;

	private final SlotTable slots;

	private final WorkerPool workers;

	private final Restarter restarter;

	private final List<PendingFork> pending = new ArrayList<>();

	Scaler(DescriptorBudget descriptors, SlotTable slots, WorkerPool workers, Restarter restarter) {
		this.descriptors = descriptors;
		this.slots = slots;
		this.workers = workers;
		this.restarter = restarter;
	}

	ScaleOutcome scale(String group, int wanted, String origin) {
		int previous = this.slots.in(group).size();
		check(wanted, this.slots.all().size() - previous);
		for (Slot removed : this.slots.resize(group, wanted, this.restarter.generation(group))) {
			dismissAll(removed, "scaled down to %d".formatted(wanted));
		}
		if (wanted != previous) {
			this.restarter.resized();
			logger.info("Scaled %s%s from %d to %d workers (requested by %s)".formatted(
					group.equals(ClusterWorker.DEFAULT_GROUP) ? "" : "group %s ".formatted(group),
					(wanted > previous) ? "up" : "down", previous, wanted, origin));
		}
		return new ScaleOutcome(wanted, previous);
	}

	/**
	 * Adds a slot to the default group, and waits for its first worker.
	 * @return a stage that completes once the worker is ready, or fails with
	 * {@link ForkFailedException}, or with {@link ClusterUnavailableException} if the
	 * cluster is shut down before
	 */
	CompletionStage<ClusterWorker> fork(Map<String, String> environment, String origin) {
		String group = ClusterWorker.DEFAULT_GROUP;
		int previous = this.slots.in(group).size();
		try {
			check(previous + 1, this.slots.all().size() - previous);
		}
		catch (ScaleRefusedException ex) {
			throw new ForkRefusedException(String.valueOf(ex.getMessage()));
		}
		Slot slot = this.slots.add(group, this.restarter.generation(group), environment);
		this.restarter.resized();
		logger.info("Added slot %d (requested by %s): %d workers from now on".formatted(slot.number(), origin,
				this.slots.all().size()));
		PendingFork fork = new PendingFork(slot, new CompletableFuture<>());
		this.pending.add(fork);
		return fork.worker();
	}

	void ready(WorkerHandle worker) {
		pendingIn(worker.group(), worker.slot()).ifPresent((fork) -> {
			this.pending.remove(fork);
			fork.worker().complete(worker.snapshot());
		});
	}

	/**
	 * Gives up the slot of a worker that somebody has waited for, and that did not become
	 * ready.
	 */
	boolean failed(ClusterWorker worker, String reason, List<String> lastLines) {
		Optional<PendingFork> alone = pendingIn(worker.group(), worker.slot())
			.filter((fork) -> this.workers.in(fork.slot()).noneMatch(WorkerHandle::isStaying));
		alone.ifPresent((fork) -> {
			remove(fork.slot(), "its first worker did not become ready");
			fail(fork, new ForkFailedException(worker.slot(), reason, lastLines));
		});
		return alone.isPresent();
	}

	/**
	 * Tells those who wait for what will not come any more.
	 */
	void review(boolean stopping) {
		for (PendingFork fork : List.copyOf(this.pending)) {
			if (stopping) {
				fail(fork, new ClusterUnavailableException("The cluster is shutting down"));
			}
			else if (!this.slots.all().contains(fork.slot())) {
				fail(fork, new ForkFailedException(fork.slot().number(),
						"is not wanted any more, as its slot was given up meanwhile", List.of()));
			}
		}
	}

	private void fail(PendingFork fork, ClusterException failure) {
		this.pending.remove(fork);
		fork.worker().completeExceptionally(failure);
	}

	private Optional<PendingFork> pendingIn(String group, int slot) {
		return this.pending.stream()
			.filter((fork) -> fork.slot().number() == slot && fork.slot().group().equals(group))
			.findFirst();
	}

	/**
	 * Gives a slot up for good, so that its number is free for the next one.
	 */
	void remove(Slot slot, String reason) {
		if (this.slots.all().remove(slot)) {
			dismissAll(slot, reason);
			this.restarter.resized();
			logger.info("%s is removed (%s): %d workers from now on".formatted(slot.sentence(), reason,
					this.slots.all().size()));
		}
	}

	private void check(int wanted, int others) {
		int max = MAX_WORKERS - others;
		if (wanted < 1 || wanted > max) {
			throw new ScaleRefusedException(
					"workers is %d, allowed is a whole number from 1 to %d".formatted(wanted, max));
		}
		try {
			this.descriptors.check(wanted + others);
		}
		catch (TooFewDescriptorsException ex) {
			throw new ScaleRefusedException("workers is %d, which is too many: %s".formatted(wanted, ex.getMessage()));
		}
	}

	private void dismissAll(Slot slot, String reason) {
		this.workers.in(slot).filter(WorkerHandle::isStaying).toList().forEach((worker) -> dismiss(worker, reason));
	}

	private void dismiss(WorkerHandle worker, String reason) {
		if (worker.wasReady()) {
			this.workers.drain(worker, reason);
		}
		else {
			this.workers.dismiss(worker, reason);
		}
	}

	/**
	 * Slot whose first worker somebody waits for.
	 */
	private record PendingFork(Slot slot, CompletableFuture<ClusterWorker> worker) {

	}

}
