package io.github.bootcluster.autoconfigure.role;

import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import java.util.function.LongSupplier;

import io.github.bootcluster.wire.WorkerIdentity;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a process is what its environment says. A process that a worker starts
 * inherits the environment: it lacks the mark on the command line, and if that was
 * copied, too, the master is not its parent.
 *
 * @param mark the mark, or {@code null} if the command line has none
 * @param parent tells the process id of the parent, or a number below zero
 * @param running tells whether there is a process with an id
 */
record ForkedProcess(@Nullable String mark, LongSupplier parent, LongPredicate running) {

	private static final long UNKNOWN = -1;

	static ForkedProcess current() {
		return new ForkedProcess(System.getProperty(WorkerIdentity.MARK),
				() -> ProcessHandle.current().parent().map(ProcessHandle::pid).orElse(UNKNOWN),
				(pid) -> ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false));
	}

	/**
	 * Tells whether a master forked this process, or a process that claims to be one.
	 */
	boolean isForkedByMaster(Map<String, String> variables) {
		if (this.mark == null) {
			return false;
		}
		// An orphan is still a worker, which finds no master
		return master(variables).filter((master) -> master != this.parent.getAsLong() && this.running.test(master))
			.isEmpty();
	}

	private static Optional<Long> master(Map<String, String> variables) {
		try {
			return Optional.ofNullable(variables.get(WorkerIdentity.MASTER)).map(Long::valueOf);
		}
		catch (NumberFormatException ex) {
			return Optional.empty();
		}
	}

}
