package io.github.bootcluster.master.supervise;

import io.github.bootcluster.process.PortConflict;
import org.jspecify.annotations.Nullable;

/**
 * Puts into words who listens on a port that a worker wanted, and what can be done.
 */
final class PortHolder {

	private static final String BY_SLOT = "give each slot its own, such as 909${cluster.worker.slot} in the application's "
			+ "configuration or 909%{slot} in cluster.worker.jvm-args";

	private PortHolder() {
	}

	static String describe(PortConflict conflict, WorkerHandle loser, WorkerPool workers) {
		String port = (conflict.port() > 0) ? "port %d".formatted(conflict.port()) : "a port";
		@Nullable WorkerHandle other = workers.all()
			.stream()
			.filter((worker) -> worker != loser && worker.pid() == conflict.holder())
			.findFirst()
			.orElse(null);
		if (other != null) {
			return "as worker %d (%s) listens on %s: %s"
				.formatted(other.id(), Slot.describe(other.group(), other.slot()), port, other.sharesSlotWith(loser)
						? "let the old worker of a slot end first, by cluster.restart.exclusive-slots=true" : BY_SLOT);
		}
		if (conflict.holder() == ProcessHandle.current().pid()) {
			return "as the master listens on %s: %s, and keep workers from inheriting what opens it by ".formatted(port,
					BY_SLOT) + "cluster.worker.jvm-args-excluded or cluster.worker.inherit-jvm-args=false";
		}
		if (conflict.holder() > 0) {
			return "as process %d (%s) listens on %s".formatted(conflict.holder(), conflict.name(), port);
		}
		return "as %s was in use: %s".formatted(port, BY_SLOT);
	}

}
