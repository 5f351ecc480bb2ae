package io.github.bootcluster.master;

import java.util.List;
import java.util.Map;

import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.ScaleRefusedException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Changes the number of slots, on the supervisor's thread. A slot that is added gets the
 * lowest number that is free, as a rule the one after the last; if there are to be fewer,
 * the last one goes first.
 */
final class Scaler {

	private static final int MOST = 1024;

	private static final Log logger = LogFactory.getLog(Scaler.class);

	private final DescriptorBudget descriptors;

	private final List<Slot> slots;

	private final WorkerTable workers;

	private final Workforce workforce;

	private final Restarter restarter;

	Scaler(DescriptorBudget descriptors, List<Slot> slots, WorkerTable workers, Workforce workforce,
			Restarter restarter) {
		this.descriptors = descriptors;
		this.slots = slots;
		this.workers = workers;
		this.workforce = workforce;
		this.restarter = restarter;
	}

	/**
	 * Brings the number of slots to the wanted one.
	 * @param wanted the wanted number
	 * @param origin who asks for it, fit for a log line
	 * @return what came of it
	 * @throws ScaleRefusedException if there cannot be so many workers
	 */
	ScaleOutcome scale(int wanted, String origin) {
		int previous = this.slots.size();
		check(wanted);
		while (this.slots.size() < wanted) {
			add(Map.of());
		}
		while (this.slots.size() > wanted) {
			Slot last = this.slots.remove(this.slots.size() - 1);
			dismissAll(last, "scaled down to %d".formatted(wanted));
		}
		if (wanted != previous) {
			this.restarter.resized();
			logger.info("Scaled %s from %d to %d workers, as %s wants".formatted((wanted > previous) ? "up" : "down",
					previous, wanted, origin));
		}
		return new ScaleOutcome(wanted, previous);
	}

	/**
	 * Adds a slot.
	 * @param environment variables of all its workers
	 * @param origin who asks for it, fit for a log line
	 * @return the slot
	 * @throws ScaleRefusedException if there cannot be one more worker
	 */
	Slot add(Map<String, String> environment, String origin) {
		int wanted = this.slots.size() + 1;
		check(wanted);
		Slot slot = add(environment);
		this.restarter.resized();
		logger.info("Slot %d is added, as %s wants: %d workers from now on".formatted(slot.number(), origin, wanted));
		return slot;
	}

	private Slot add(Map<String, String> environment) {
		int free = 1;
		while (free <= this.slots.size() && this.slots.get(free - 1).number() == free) {
			free++;
		}
		Slot slot = new Slot(free, this.restarter.generation(), environment);
		this.slots.add(free - 1, slot);
		return slot;
	}

	/**
	 * Gives a slot up for good, so that its number is free for the next one.
	 * @param slot the slot
	 * @param reason why, fit for a log line
	 */
	void remove(Slot slot, String reason) {
		if (this.slots.remove(slot)) {
			dismissAll(slot, reason);
			this.restarter.resized();
			logger.info(
					"Slot %d is gone (%s): %d workers from now on".formatted(slot.number(), reason, this.slots.size()));
		}
	}

	private void check(int wanted) {
		if (wanted < 1 || wanted > MOST) {
			throw new ScaleRefusedException(
					"workers is %d, allowed is a whole number from 1 to %d".formatted(wanted, MOST));
		}
		try {
			this.descriptors.check(wanted);
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
			this.workforce.drain(worker, reason);
		}
		else {
			this.workforce.dismiss(worker, reason);
		}
	}

}
