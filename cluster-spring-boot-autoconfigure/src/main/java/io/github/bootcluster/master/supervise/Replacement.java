package io.github.bootcluster.master.supervise;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * How workers give way to a new generation, one after another. With surge a new worker
 * comes before an old one goes; without, in place, an old one goes first, so that there
 * are never more processes than wanted. It belongs to the supervisor's thread.
 */
final class Replacement {

	private final LiveSettings settings;

	private final List<Slot> slots;

	private final WorkerPool workers;

	Replacement(LiveSettings settings, List<Slot> slots, WorkerPool workers) {
		this.settings = settings;
		this.slots = slots;
		this.workers = workers;
	}

	private boolean isInPlace() {
		return this.settings.restart().isInPlace();
	}

	private boolean isExclusive() {
		return this.settings.restart().exclusiveSlots();
	}

	/**
	 * Tells whether a worker that keeps others of its generation and group from being
	 * forked is there.
	 */
	private boolean isOnTrial(String group, int generation) {
		return !this.settings.restart().soak().isZero() && this.workers.count((worker) -> worker.isStaying()
				&& worker.generation() == generation && worker.group().equals(group)) > 0;
	}

	/**
	 * Returns the slots whose workers are replaced next: those of the first group that is
	 * not done, so that never two groups are at it.
	 * @return the slots, none if all groups are done
	 */
	private List<Slot> current(RestartOperation running) {
		for (String group : running.groups()) {
			List<Slot> its = this.slots.stream().filter((slot) -> slot.group().equals(group)).toList();
			if (!its.isEmpty()
					&& !(running.isProven(group) && its.stream().allMatch((slot) -> isReplaced(slot, running)))) {
				return its;
			}
		}
		return List.of();
	}

	/**
	 * Returns the generation for the next worker of a slot that is empty: the new one as
	 * soon as it has proved itself in the slot's group, or if it is the new one that the
	 * slot was emptied for.
	 */
	int generationFor(Slot slot, RestartOperation running) {
		boolean emptied = running.isPrepared() && isInPlace()
				&& !isOnTrial(slot.group(), running.generation(slot.group())) && current(running).contains(slot);
		return (running.isProven(slot.group()) || emptied) ? running.generation(slot.group()) : slot.generation();
	}

	/**
	 * Tells whether a worker that leaves in peace keeps its slot from being filled all
	 * the same. In place it does: it has to go without more memory than before.
	 */
	boolean occupies(WorkerHandle worker, RestartOperation running) {
		return running.isPrepared() && isInPlace() && !running.isAwaitedIn(worker);
	}

	/**
	 * Tells whether there may be one process more. While a restart runs, there may be no
	 * more that serve than wanted and its surge, and no more in all than wanted and those
	 * that may drain, whatever else ends meanwhile.
	 */
	boolean hasRoom(RestartOperation running) {
		RestartPolicy policy = this.settings.restart();
		int wanted = this.slots.size();
		int processes = this.workers.count((worker) -> worker.isStaying() || !running.isAwaitedIn(worker));
		return isInPlace() ? processes < wanted + policy.surge()
				: this.workers.count(WorkerHandle::isStaying) < wanted + policy.surge()
						&& processes < wanted + policy.maxDraining(wanted);
	}

	/**
	 * Tells whether some workers of a group have been replaced by a generation that has
	 * proved itself, and others have not.
	 */
	boolean isMidway(RestartOperation running) {
		return running.isPrepared() && current(running).stream().anyMatch((slot) -> running.isProven(slot.group()));
	}

	/**
	 * Tells whether nothing is left to do but to wait for old workers that drain.
	 */
	boolean isOnlyDraining(List<Slot> slots, RestartOperation running) {
		return slots.stream()
			.allMatch((slot) -> running.isProven(slot.group())
					&& (hasNew(slot, running) || isLeftForLater(slot, running)));
	}

	/**
	 * Returns the old workers of a slot that are to be drained, as its new one is ready.
	 * A worker in which somebody waits for the restart is left for later.
	 */
	Stream<WorkerHandle> due(Slot slot, RestartOperation running) {
		return hasNew(slot, running) ? old(slot, running).filter(WorkerHandle::isStaying) : Stream.empty();
	}

	/**
	 * Tells whether a slot counts as replaced: nothing but the new generation is left to
	 * wait for in it.
	 */
	boolean isReplaced(Slot slot, RestartOperation running) {
		return isLeftForLater(slot, running) || (hasNew(slot, running) && old(slot, running).findAny().isEmpty());
	}

	/**
	 * Tells whether a slot that can have one worker only has one in which somebody waits
	 * for the end: it is replaced after that.
	 */
	private boolean isLeftForLater(Slot slot, RestartOperation running) {
		WorkerHandle waiter = running.waiter();
		return isExclusive() && waiter != null && waiter.isStaying() && slot.isOf(waiter);
	}

	private boolean hasNew(Slot slot, RestartOperation running) {
		return this.workers.hasReady(slot, running.generation(slot.group()));
	}

	private Stream<WorkerHandle> old(Slot slot, RestartOperation running) {
		return this.workers.in(slot)
			.filter((worker) -> worker.generation() != running.generation(worker.group())
					&& !running.isAwaitedIn(worker));
	}

	void replace(WorkerHandle worker, RestartOperation running) {
		this.workers.drain(worker, "replaced by generation " + running.generation(worker.group()));
	}

	void step(RestartOperation running, long now) {
		if (isInPlace()) {
			stepInPlace(running, now);
		}
		else {
			stepWithSurge(running, now);
		}
	}

	private void stepWithSurge(RestartOperation running, long now) {
		for (Slot slot : inOrder(current(running), running)) {
			int generation = running.generation(slot.group());
			List<WorkerHandle> staying = this.workers.in(slot).filter(WorkerHandle::isStaying).toList();
			if (staying.stream().anyMatch((worker) -> worker.generation() == generation)) {
				continue;
			}
			boolean trial = !running.isProven(slot.group()) && isOnTrial(slot.group(), generation);
			if (hasRoom(running) && mayStartAnother() && !trial) {
				fork(slot, running, now);
			}
			if (!running.isRunning()) {
				// A fork that fails ends it
				return;
			}
		}
	}

	/**
	 * Returns the slots in the order in which their workers are replaced: the one in
	 * which somebody waits for the end comes last.
	 */
	private static List<Slot> inOrder(List<Slot> slots, RestartOperation running) {
		WorkerHandle waiter = running.waiter();
		return slots.stream()
			.sorted(Comparator.comparing((slot) -> waiter != null && waiter.isStaying() && slot.isOf(waiter)))
			.toList();
	}

	/**
	 * Begins to replace the next worker with no more processes than before: what is empty
	 * is filled before more is emptied. Only a worker in which somebody waits for the end
	 * cannot go first: its successor comes beside it.
	 */
	private void stepInPlace(RestartOperation running, long now) {
		if (this.workers.count((worker) -> !worker.isReady() && !running.isAwaitedIn(worker)) > 0) {
			return;
		}
		List<Slot> current = current(running);
		for (Slot slot : current) {
			if (this.workers.in(slot)
				.allMatch((worker) -> !isExclusive() && running.isAwaitedIn(worker) && !worker.isStaying())) {
				fork(slot, running, now);
				return;
			}
		}
		Optional<WorkerHandle> next = current.stream()
			.flatMap(this.workers::in)
			.filter((worker) -> worker.generation() != running.generation(worker.group())
					&& !running.isAwaitedIn(worker))
			.findFirst();
		if (next.isPresent()) {
			this.workers.drain(next.get(), "makes room for generation " + running.generation(next.get().group()));
			return;
		}
		current.stream()
			.filter((slot) -> !isLeftForLater(slot, running))
			.filter((slot) -> this.workers.in(slot).allMatch(running::isAwaitedIn))
			.findFirst()
			.ifPresent((slot) -> fork(slot, running, now));
	}

	private void fork(Slot slot, RestartOperation running, long now) {
		// A rollback tries again: the wait after a failure is for it, too
		if (!running.isRollback() || now >= slot.forkNotBefore()) {
			this.workers.fork(slot, running.generation(slot.group()));
		}
	}

	private boolean mayStartAnother() {
		return this.workers.count(WorkerHandle::isStarting) < this.settings.parallelStarts();
	}

}
