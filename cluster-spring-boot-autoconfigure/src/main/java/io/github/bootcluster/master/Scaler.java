package io.github.bootcluster.master;

import java.util.List;

import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.ScaleRefusedException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Changes the number of slots, on the supervisor's thread. Slots are added at the end,
 * and the last one goes first.
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
			this.slots.add(new Slot(this.slots.size() + 1, this.restarter.generation()));
		}
		while (this.slots.size() > wanted) {
			Slot last = this.slots.remove(this.slots.size() - 1);
			this.workers.in(last).filter(WorkerHandle::isStaying).toList().forEach((worker) -> dismiss(worker, wanted));
		}
		if (wanted != previous) {
			this.restarter.resized();
			logger.info("Scaled %s from %d to %d workers, as %s wants".formatted((wanted > previous) ? "up" : "down",
					previous, wanted, origin));
		}
		return new ScaleOutcome(wanted, previous);
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

	private void dismiss(WorkerHandle worker, int wanted) {
		String reason = "scaled down to %d".formatted(wanted);
		if (worker.wasReady()) {
			this.workforce.drain(worker, reason);
		}
		else {
			this.workforce.dismiss(worker, reason);
		}
	}

}
