package io.github.bootcluster.master;

import java.util.List;
import java.util.Map;

import io.github.bootcluster.WorkerExit;
import org.jspecify.annotations.Nullable;

/**
 * Puts the end of a worker into words.
 */
final class WorkerExits {

	/**
	 * What the JDK adds to a signal's number to make an exit code.
	 */
	private static final int SIGNAL_BASE = 128;

	private static final int LAST_SIGNAL = 64;

	private static final Map<Integer, String> SIGNALS = Map.of(1, "HUP", 2, "INT", 3, "QUIT", 4, "ILL", 6, "ABRT", 7,
			"BUS", 8, "FPE", 9, "KILL", 11, "SEGV", 15, "TERM");

	private WorkerExits() {
	}

	static WorkerExit describe(int exitCode, @Nullable Departure departure, List<String> lastLines) {
		Integer signal = (exitCode > SIGNAL_BASE && exitCode <= SIGNAL_BASE + LAST_SIGNAL) ? exitCode - SIGNAL_BASE
				: null;
		String end = (signal != null)
				? "was ended by signal %d (%s)".formatted(signal, SIGNALS.getOrDefault(signal, "unknown"))
				: "exited with code " + exitCode;
		boolean voluntary = departure != null && departure.isVoluntary();
		String reason = (departure != null && departure.kind() != Departure.Kind.LOST)
				? "%s (%s)".formatted(end, departure.reason()) : end;
		return new WorkerExit(exitCode, signal, voluntary, reason, lastLines);
	}

}
