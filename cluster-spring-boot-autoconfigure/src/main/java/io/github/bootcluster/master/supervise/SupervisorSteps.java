package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;

/**
 * The steps of each of the supervisor's turns, in their order: workers whose time is up,
 * those that hang, those that have served long enough, the rolling restart, and slots
 * that are empty. They belong to the supervisor's thread.
 */
final class SupervisorSteps {

	/**
	 * How long workers' figures are gathered before they are looked at.
	 */
	private static final Duration GATHERING = Duration.ofSeconds(1);

	private final ClusterLife life;

	private final Generations generations;

	private final SlotTable slots;

	private final WorkerTable workers;

	private final Workforce workforce;

	private final Watchdog watchdog;

	private final Recycler recycler;

	private final Restarter restarter;

	private final Election election;

	private final PendingForks forks;

	private final int parallelStarts;

	private final Runnable respawned;

	private long figuresDue = Long.MAX_VALUE;

	SupervisorSteps(ClusterLife life, Generations generations, SlotTable slots, WorkerTable workers,
			Workforce workforce, Watchdog watchdog, Recycler recycler, Restarter restarter, Election election,
			PendingForks forks, int parallelStarts, Runnable respawned) {
		this.life = life;
		this.generations = generations;
		this.slots = slots;
		this.workers = workers;
		this.workforce = workforce;
		this.watchdog = watchdog;
		this.recycler = recycler;
		this.restarter = restarter;
		this.forks = forks;
		this.election = election;
		this.parallelStarts = parallelStarts;
		this.respawned = respawned;
	}

	/**
	 * Takes what steps can be taken now.
	 * @param now the time of the event thread
	 */
	void take(long now) {
		for (WorkerHandle worker : this.workers.all()) {
			if (now >= worker.deadline()) {
				this.workforce.press(worker);
			}
		}
		if (now >= this.figuresDue) {
			this.figuresDue = Long.MAX_VALUE;
			this.workers.all().forEach(WorkerHandle::measureMemory);
		}
		if (!this.life.isStopping()) {
			this.watchdog.advance(now);
			recycle(now);
			this.restarter.advance();
			fill(now);
			this.election.advance();
		}
		else if (this.workers.isEmpty()) {
			this.life.end();
		}
		this.forks.review(this.life.isStopping());
		Set<Integer> needed = neededGenerations();
		this.generations.retain(needed);
		this.election.retain(needed);
	}

	/**
	 * Returns when something has to happen.
	 * @param now the time of the event thread
	 * @return a time of the event thread
	 */
	long deadline(long now) {
		long next = this.figuresDue;
		if (!this.life.isStopping()) {
			// Else these times would pass, and nobody would set new ones
			next = LongStream.of(next, this.restarter.deadline(), this.watchdog.deadline(), this.slots.nextFork(now))
				.min()
				.orElseThrow();
		}
		for (WorkerHandle worker : this.workers.all()) {
			next = Math.min(next, worker.deadline());
		}
		return next;
	}

	/**
	 * A worker gives a sign of life. The figures that come with it are looked at together
	 * with those of others, a moment later.
	 * @param worker the worker
	 * @param now the time of the event thread
	 * @return whether {@link #deadline} may have changed
	 */
	boolean heard(WorkerHandle worker, long now) {
		this.watchdog.heard(worker, now);
		if (this.figuresDue != Long.MAX_VALUE) {
			return false;
		}
		this.figuresDue = now + GATHERING.toNanos();
		return true;
	}

	void alive(WorkerHandle worker, boolean correct, long now) {
		this.watchdog.alive(worker, correct, now);
	}

	private Set<Integer> neededGenerations() {
		Set<Integer> needed = new HashSet<>(this.restarter.generations());
		this.slots.all().forEach((slot) -> needed.add(slot.generation()));
		this.workers.all().forEach((worker) -> needed.add(worker.generation()));
		return needed;
	}

	private void recycle(long now) {
		if (this.restarter.isRunning()) {
			this.recycler.giveWay();
		}
		else {
			this.recycler.advance(now);
		}
	}

	private void fill(long now) {
		// A slot whose fork fails may be given up
		for (Slot slot : List.copyOf(this.slots.all())) {
			boolean empty = this.workers.in(slot)
				.noneMatch((worker) -> this.restarter.occupies(worker) || this.recycler.occupies(worker));
			if (empty && slot.mayFork(now) && this.restarter.hasRoom() && mayStart(slot)) {
				fill(slot);
			}
		}
	}

	private void fill(Slot slot) {
		boolean bereft = slot.isBereft() || this.workers.in(slot).anyMatch((worker) -> !worker.isUnwanted());
		if (this.workforce.fork(slot, this.restarter.generationFor(slot)) != null && bereft) {
			this.respawned.run();
		}
	}

	/**
	 * Tells whether a further worker may start beside those that do. Until one of each
	 * group has been ready there is just one of each, one after another, so that an
	 * application that cannot start says so once.
	 * @param slot the slot of the further worker
	 * @return whether it may start
	 */
	private boolean mayStart(Slot slot) {
		if (this.life.isStopping() || !this.life.isPrepared()) {
			return false;
		}
		return this.life.isStarted() ? this.workers.count(WorkerHandle::isStarting) < this.parallelStarts
				: this.workers.count((worker) -> !worker.isReady() || worker.group().equals(slot.group())) == 0;
	}

}
