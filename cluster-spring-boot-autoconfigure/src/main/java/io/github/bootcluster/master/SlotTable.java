package io.github.bootcluster.master;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.SlotStatus;
import io.github.bootcluster.WorkerExit;
import io.github.bootcluster.WorkerRespawnSuppressedEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The slots that are wanted, and what the ends of their workers mean for them. It belongs
 * to the supervisor's thread.
 */
final class SlotTable {

	private static final Log logger = LogFactory.getLog(SlotTable.class);

	private final RespawnPolicy policy;

	private final WorkerTable workers;

	private final MasterEvents events;

	private final EventThread thread;

	private final List<Slot> slots = new ArrayList<>();

	SlotTable(MasterSettings settings, WorkerTable workers, MasterEvents events, EventThread thread) {
		this.policy = settings.respawn();
		this.workers = workers;
		this.events = events;
		this.thread = thread;
		for (int number = 1; number <= settings.workers(); number++) {
			this.slots.add(new Slot(number, 1, Map.of()));
		}
	}

	/**
	 * Returns the slots by number. Some may be added or removed; a number that is missing
	 * is that of a slot that was given up.
	 * @return the slots themselves, not a copy
	 */
	List<Slot> all() {
		return this.slots;
	}

	/**
	 * Finds a slot that is wanted.
	 * @param number the slot's number
	 * @return the slot, or empty if it was removed
	 */
	private Optional<Slot> find(int number) {
		return this.slots.stream().filter((slot) -> slot.number() == number).findFirst();
	}

	List<SlotStatus> statuses() {
		return this.slots.stream().map(Slot::status).toList();
	}

	/**
	 * Returns when the next slot may be filled that may not be yet.
	 * @param now the time of the event thread
	 * @return a time of the event thread
	 */
	long nextFork(long now) {
		return this.slots.stream()
			.filter((slot) -> !slot.isSuppressed() && slot.forkNotBefore() > now)
			.mapToLong(Slot::forkNotBefore)
			.min()
			.orElse(Long.MAX_VALUE);
	}

	/**
	 * Takes note of how a worker ended, whatever that means.
	 * @param worker the worker
	 * @param exit how it ended
	 */
	void exited(WorkerHandle worker, WorkerExit exit) {
		find(worker.slot()).ifPresent((slot) -> slot.exited(new SlotStatus.LastExit(worker.id(), exit.kind(),
				exit.voluntary(), exit.reason(), exit.crashReport(), this.thread.now())));
	}

	/**
	 * Takes note of a worker that was ready and has left or died.
	 * @param worker the worker
	 * @param exit how it ended
	 */
	void left(WorkerHandle worker, WorkerExit exit) {
		boolean early = !worker.wasReadyFor(this.policy.healthyAfter(), this.thread.nanoTime());
		if (isDeath(worker.departure(), exit)) {
			vacate(worker.snapshot(), early);
		}
		else if (!early) {
			find(worker.slot()).ifPresent(Slot::healthy);
		}
	}

	/**
	 * Tells whether an exit speaks against the application. One that leaves after a
	 * signal from outside does not; one that decides to end by itself does.
	 * @param departure why the worker was leaving, if anybody knows
	 * @param exit the exit
	 * @return whether the worker has died
	 */
	private static boolean isDeath(@Nullable Departure departure, WorkerExit exit) {
		return departure == null || !departure.isBlameless()
				|| (departure.kind() == Departure.Kind.OWN && exit.signal() == null);
	}

	/**
	 * Takes note of a worker that has died, or could not be forked.
	 * @param worker the worker
	 * @param early whether it died early
	 */
	void vacate(ClusterWorker worker, boolean early) {
		find(worker.slot()).ifPresent((slot) -> {
			if (early && this.workers.in(slot).anyMatch(WorkerHandle::isStaying)) {
				missed(slot);
			}
			else {
				vacate(slot, worker, early);
			}
		});
	}

	private void missed(Slot slot) {
		Duration delay = slot.missed(this.policy, this.thread.nanoTime());
		logger.info("Slot %d goes on with the worker that it has; the next one comes in %d ms at the earliest"
			.formatted(slot.number(), delay.toMillis()));
	}

	private void vacate(Slot slot, ClusterWorker worker, boolean early) {
		Optional<Duration> delay = slot.vacated(early, this.policy, this.thread.nanoTime());
		if (delay.isEmpty()) {
			this.events.publish(new WorkerRespawnSuppressedEvent(worker, slot.earlyDeaths()));
		}
		else if (!delay.get().isZero()) {
			logger.info("Slot %d is filled again in %d ms".formatted(slot.number(), delay.get().toMillis()));
		}
	}

}
