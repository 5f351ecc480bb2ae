package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.SlotStatus;
import io.github.bootcluster.UnknownGroupException;
import io.github.bootcluster.WorkerExit;
import io.github.bootcluster.event.WorkerRespawnSuppressedEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The slots that are wanted, and what the ends of their workers mean for them. It belongs
 * to the supervisor's thread.
 */
final class SlotTable {

	private static final Log logger = LogFactory.getLog(SlotTable.class);

	private final LiveSettings settings;

	private final WorkerPool workers;

	private final MasterEvents events;

	private final EventThread thread;

	private final List<String> groups = new ArrayList<>();

	private final List<Slot> slots = new ArrayList<>();

	SlotTable(LiveSettings settings, WorkerPool workers, MasterEvents events, EventThread thread) {
		this.settings = settings;
		this.workers = workers;
		this.events = events;
		this.thread = thread;
		this.groups.add(ClusterWorker.DEFAULT_GROUP);
		MasterSettings first = settings.get();
		first.groups().forEach((group) -> this.groups.add(group.name()));
		resize(ClusterWorker.DEFAULT_GROUP, first.workers(), 1);
		first.groups().forEach((group) -> resize(group.name(), group.workers(), 1));
	}

	/**
	 * Returns the groups in their order, which is that in which they are started and
	 * restarted: the default one comes first.
	 * @return the names, which never change
	 */
	List<String> groups() {
		return this.groups;
	}

	void requireGroup(String group) {
		if (!this.groups.contains(group)) {
			throw new UnknownGroupException(group, this.groups);
		}
	}

	/**
	 * Returns the slots by group and number. Some may be added or removed; a number that
	 * is missing is that of a slot that was given up.
	 */
	List<Slot> all() {
		return this.slots;
	}

	List<Slot> in(String group) {
		return this.slots.stream().filter((slot) -> slot.group().equals(group)).toList();
	}

	List<Slot> of(RestartOperation restart) {
		return this.slots.stream().filter((slot) -> restart.concerns(slot.group())).toList();
	}

	/**
	 * Brings the number of slots of a group to the wanted one: they are added at the end
	 * of the group, and the last one goes first.
	 */
	List<Slot> resize(String group, int wanted, int generation) {
		List<Slot> current = in(group);
		for (int count = current.size(); count < wanted; count++) {
			add(group, generation, Map.of());
		}
		List<Slot> removed = new ArrayList<>(current.subList(Math.min(wanted, current.size()), current.size()));
		Collections.reverse(removed);
		this.slots.removeAll(removed);
		return removed;
	}

	Slot add(String group, int generation, Map<String, String> environment) {
		Set<Integer> taken = in(group).stream().map(Slot::number).collect(Collectors.toSet());
		int free = 1;
		while (taken.contains(free)) {
			free++;
		}
		Slot slot = new Slot(group, free, generation, environment, this.slots::size);
		this.slots.add(slot);
		this.slots.sort(
				Comparator.comparingInt((Slot each) -> this.groups.indexOf(each.group())).thenComparing(Slot::number));
		return slot;
	}

	/**
	 * Finds a slot that is wanted.
	 * @return the slot, or empty if it was removed
	 */
	private Optional<Slot> find(String group, int number) {
		return this.slots.stream().filter((slot) -> slot.number() == number && slot.group().equals(group)).findFirst();
	}

	List<SlotStatus> statuses() {
		return this.slots.stream().map(Slot::status).toList();
	}

	/**
	 * Returns when the next slot may be filled that may not be yet.
	 */
	long nextFork(long now) {
		return this.slots.stream()
			.filter((slot) -> !slot.isSuppressed() && slot.forkNotBefore() > now)
			.mapToLong(Slot::forkNotBefore)
			.min()
			.orElse(Long.MAX_VALUE);
	}

	void exited(WorkerHandle worker, WorkerExit exit) {
		find(worker.group(), worker.slot()).ifPresent((slot) -> slot.exited(new SlotStatus.LastExit(worker.id(),
				exit.kind(), exit.voluntary(), exit.reason(), exit.crashReport(), this.thread.now())));
	}

	void left(WorkerHandle worker, WorkerExit exit) {
		boolean early = !worker.wasReadyFor(this.settings.respawn().healthyAfter(), this.thread.nanoTime());
		if (isDeath(worker.departure(), exit)) {
			vacate(worker.snapshot(), early);
		}
		else if (!early) {
			find(worker.group(), worker.slot()).ifPresent(Slot::healthy);
		}
	}

	/**
	 * Tells whether an exit speaks against the application. One that leaves after a
	 * signal from outside does not; one that decides to end by itself does.
	 * @param departure why the worker was leaving, if anybody knows
	 */
	private static boolean isDeath(@Nullable Departure departure, WorkerExit exit) {
		return departure == null || !departure.isBlameless()
				|| (departure.kind() == Departure.Kind.OWN && exit.signal() == null);
	}

	void vacate(ClusterWorker worker, boolean early) {
		find(worker.group(), worker.slot()).ifPresent((slot) -> {
			if (early && this.workers.in(slot).anyMatch(WorkerHandle::isStaying)) {
				missed(slot);
			}
			else {
				vacate(slot, worker, early);
			}
		});
	}

	private void missed(Slot slot) {
		Duration delay = slot.missed(this.settings.respawn(), this.thread.nanoTime());
		logger.info("%s keeps its current worker; next attempt in %s at the earliest".formatted(slot.sentence(),
				inWords(delay)));
	}

	private void vacate(Slot slot, ClusterWorker worker, boolean early) {
		Optional<Duration> delay = slot.vacated(early, this.settings.respawn(), this.thread.nanoTime());
		if (delay.isEmpty()) {
			this.events.publish(new WorkerRespawnSuppressedEvent(worker, slot.earlyDeaths()));
		}
		else if (!delay.get().isZero()) {
			logger.info("Restarting worker in %s in %s".formatted(slot, inWords(delay.get())));
		}
	}

	private static String inWords(Duration delay) {
		return (delay.toMillisPart() == 0) ? delay.toSeconds() + " s" : delay.toMillis() + " ms";
	}

}
