package io.github.bootcluster.master;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.ScaleRefusedException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Changes the number of slots of a group, on the supervisor's thread. Slots are added at
 * the end, and the last one goes first.
 */
final class Scaler {

	private static final int MOST = 1024;

	private static final Log logger = LogFactory.getLog(Scaler.class);

	private final DescriptorBudget descriptors;

	private final SlotTable slots;

	private final WorkerTable workers;

	private final Workforce workforce;

	private final Restarter restarter;

	Scaler(DescriptorBudget descriptors, SlotTable slots, WorkerTable workers, Workforce workforce,
			Restarter restarter) {
		this.descriptors = descriptors;
		this.slots = slots;
		this.workers = workers;
		this.workforce = workforce;
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
			this.workers.in(removed)
				.filter(WorkerHandle::isStaying)
				.toList()
				.forEach((worker) -> dismiss(worker, wanted));
		}
		if (wanted != previous) {
			this.restarter.resized();
			logger.info("Scaled %s%s from %d to %d workers, as %s wants".formatted(
					group.equals(ClusterWorker.DEFAULT_GROUP) ? "" : "group %s ".formatted(group),
					(wanted > previous) ? "up" : "down", previous, wanted, origin));
		}
		return new ScaleOutcome(wanted, previous);
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
