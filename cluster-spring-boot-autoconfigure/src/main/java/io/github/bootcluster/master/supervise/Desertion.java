package io.github.bootcluster.master.supervise;

import java.util.List;
import java.util.function.IntConsumer;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Notices that every slot is given up, so that nobody is left to serve: whoever has
 * started the master can do more about that than the master itself. It belongs to the
 * supervisor's thread.
 */
final class Desertion {

	/**
	 * What sysexits.h calls an internal software error.
	 */
	static final int EXIT_CODE = 70;

	private static final Log logger = LogFactory.getLog(Desertion.class);

	private final boolean ends;

	private final List<Slot> slots;

	private final WorkerTable workers;

	private final Restarter restarter;

	private final IntConsumer exit;

	private boolean deserted;

	/**
	 * Creates what notices.
	 * @param ends whether the master ends then
	 * @param slots the slots
	 * @param workers the workers that there are
	 * @param restarter the rolling restart, which takes slots up again
	 * @param exit ends this process in the orderly way, with an exit code
	 */
	Desertion(boolean ends, List<Slot> slots, WorkerTable workers, Restarter restarter, IntConsumer exit) {
		this.ends = ends;
		this.slots = slots;
		this.workers = workers;
		this.restarter = restarter;
		this.exit = exit;
	}

	/**
	 * Looks whether anybody is left, or can come.
	 */
	void review() {
		boolean now = !this.slots.isEmpty() && this.slots.stream().allMatch(Slot::isSuppressed)
				&& this.workers.isEmpty() && !this.restarter.isRunning();
		if (now && !this.deserted) {
			logger.error("All %d slots are given up, and no worker is left to serve: %s".formatted(this.slots.size(),
					this.ends ? "the master ends with exit code " + EXIT_CODE
							: "a rolling restart takes them up again"));
			if (this.ends) {
				this.exit.accept(EXIT_CODE);
			}
		}
		this.deserted = now;
	}

}
