package io.github.bootcluster.master.supervise;

import java.util.Map;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.ScaleRefusedException;
import io.github.bootcluster.master.listen.DescriptorBudget;
import io.github.bootcluster.master.listen.TooFewDescriptorsException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Changes the number of slots of a group, on the supervisor's thread. A slot that is
 * added gets the lowest number that is free, as a rule the one after the last; if there
 * are to be fewer, the last one goes first.
 */
final class Scaler {

	private static final int MOST = 1024;

	private static final Log logger = LogFactory.getLog(Scaler.class);

	private final DescriptorBudget descriptors;

	private final SlotTable slots;

	private final WorkerPool workers;

	private final Restarter restarter;

	Scaler(DescriptorBudget descriptors, SlotTable slots, WorkerPool workers, Restarter restarter) {
		this.descriptors = descriptors;
		this.slots = slots;
		this.workers = workers;
		this.restarter = restarter;
	}

	/**
	 * Brings the number of slots of a group to the wanted one.
	 * @param group the group
	 * @param wanted the wanted number
	 * @param origin who asks for it, fit for a log line
	 * @return what came of it
	 * @throws ScaleRefusedException if there cannot be so many workers
	 */
	ScaleOutcome scale(String group, int wanted, String origin) {
		int previous = this.slots.in(group).size();
		check(wanted, this.slots.all().size() - previous);
		for (Slot removed : this.slots.resize(group, wanted, this.restarter.generation(group))) {
			dismissAll(removed, "scaled down to %d".formatted(wanted));
		}
		if (wanted != previous) {
			this.restarter.resized();
			logger.info("Scaled %s%s from %d to %d workers, as %s wants".formatted(
					group.equals(ClusterWorker.DEFAULT_GROUP) ? "" : "group %s ".formatted(group),
					(wanted > previous) ? "up" : "down", previous, wanted, origin));
		}
		return new ScaleOutcome(wanted, previous);
	}

	/**
	 * Adds a slot to the default group.
	 * @param environment variables of all its workers
	 * @param origin who asks for it, fit for a log line
	 * @return the slot
	 * @throws ScaleRefusedException if there cannot be one more worker
	 */
	Slot add(Map<String, String> environment, String origin) {
		String group = ClusterWorker.DEFAULT_GROUP;
		int previous = this.slots.in(group).size();
		check(previous + 1, this.slots.all().size() - previous);
		Slot slot = this.slots.add(group, this.restarter.generation(group), environment);
		this.restarter.resized();
		logger.info("Slot %d is added, as %s wants: %d workers from now on".formatted(slot.number(), origin,
				this.slots.all().size()));
		return slot;
	}

	/**
	 * Gives a slot up for good, so that its number is free for the next one.
	 * @param slot the slot
	 * @param reason why, fit for a log line
	 */
	void remove(Slot slot, String reason) {
		if (this.slots.all().remove(slot)) {
			dismissAll(slot, reason);
			this.restarter.resized();
			logger.info("%s is gone (%s): %d workers from now on".formatted(slot.sentence(), reason,
					this.slots.all().size()));
		}
	}

	private void check(int wanted, int others) {
		int most = MOST - others;
		if (wanted < 1 || wanted > most) {
			throw new ScaleRefusedException(
					"workers is %d, allowed is a whole number from 1 to %d".formatted(wanted, most));
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

}
