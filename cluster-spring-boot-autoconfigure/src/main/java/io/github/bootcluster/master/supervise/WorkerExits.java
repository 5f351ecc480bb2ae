package io.github.bootcluster.master.supervise;

import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

import io.github.bootcluster.ExitKind;
import io.github.bootcluster.WorkerExit;
import org.jspecify.annotations.Nullable;

/**
 * Finds out what ended a worker, and puts it into words.
 */
final class WorkerExits {

	/**
	 * What the JDK adds to a signal's number to make an exit code.
	 */
	private static final int SIGNAL_BASE = 128;

	private static final int LAST_SIGNAL = 64;

	private static final int KILL = 9;

	/**
	 * Exit code of the JVM's option {@code ExitOnOutOfMemoryError}.
	 */
	private static final int HEAP_EXHAUSTED = 3;

	private static final Map<Integer, String> SIGNALS = Map.of(1, "HUP", 2, "INT", 3, "QUIT", 4, "ILL", 6, "ABRT", 7,
			"BUS", 8, "FPE", KILL, "KILL", 11, "SEGV", 15, "TERM");

	private WorkerExits() {
	}

	/**
	 * Describes the end of a worker that has ended because a port was taken.
	 */
	static WorkerExit because(WorkerExit exit, String cause) {
		return new WorkerExit(exit.kind(), exit.exitCode(), exit.signal(), exit.voluntary(),
				exit.reason() + ", " + cause, exit.crashReport(), exit.lastLines());
	}

	/**
	 * Describes the end of a worker.
	 * @param departure why it was leaving, or {@code null} if nobody knew that it was
	 * @param wasReady whether it was ready once
	 * @param killedForMemory tells whether the kernel has killed it for want of memory;
	 * only asked after a kill that might be the kernel's
	 */
	static WorkerExit describe(int exitCode, @Nullable Departure departure, boolean wasReady, List<String> lastLines,
			BooleanSupplier killedForMemory) {
		Integer signal = (exitCode > SIGNAL_BASE && exitCode <= SIGNAL_BASE + LAST_SIGNAL) ? exitCode - SIGNAL_BASE
				: null;
		LastWords words = LastWords.of(lastLines);
		boolean voluntary = departure != null && departure.isVoluntary();
		ExitKind kind = withoutDeparture(exitCode, signal, words, killedForMemory);
		String end = end(exitCode, signal, kind, words);
		if (departure != null && (kind == ExitKind.EXIT_CODE || kind == ExitKind.SIGNAL)) {
			kind = ofDeparture(departure, wasReady, kind);
		}
		String reason = reason(end, exitCode, kind, departure);
		return new WorkerExit(kind, exitCode, signal, voluntary, reason,
				(kind == ExitKind.CRASH || kind == ExitKind.OUT_OF_MEMORY) ? words.crashReport() : null, lastLines);
	}

	private static String reason(String end, int exitCode, ExitKind kind, @Nullable Departure departure) {
		if (departure == null || departure.kind() == Departure.Kind.LOST) {
			return end;
		}
		if (departure.kind() == Departure.Kind.OWN && kind == ExitKind.EXIT_CODE) {
			return "ended by itself with code " + exitCode;
		}
		return "%s (%s)".formatted(end, departure.reason());
	}

	private static ExitKind withoutDeparture(int exitCode, @Nullable Integer signal, LastWords words,
			BooleanSupplier killedForMemory) {
		if (signal != null && signal == KILL) {
			return killedForMemory.getAsBoolean() ? ExitKind.OUT_OF_MEMORY : ExitKind.SIGNAL;
		}
		if (exitCode != 0 && words.outOfMemory()) {
			return ExitKind.OUT_OF_MEMORY;
		}
		if (exitCode != 0 && words.crashed()) {
			return ExitKind.CRASH;
		}
		if (exitCode == HEAP_EXHAUSTED && words.heapExhausted()) {
			return ExitKind.OUT_OF_MEMORY;
		}
		return (signal != null) ? ExitKind.SIGNAL : ExitKind.EXIT_CODE;
	}

	private static ExitKind ofDeparture(Departure departure, boolean wasReady, ExitKind otherwise) {
		return switch (departure.kind()) {
			case REQUESTED -> ExitKind.VOLUNTARY;
			case HUNG -> ExitKind.HUNG;
			case FAULTY, LATE -> wasReady ? otherwise : ExitKind.NEVER_READY;
			case OWN, LOST -> otherwise;
		};
	}

	private static String end(int exitCode, @Nullable Integer signal, ExitKind kind, LastWords words) {
		String end = (signal != null)
				? "was ended by signal %d (%s)".formatted(signal, SIGNALS.getOrDefault(signal, "unknown"))
				: "exited with code " + exitCode;
		if (kind == ExitKind.OUT_OF_MEMORY) {
			end += (signal != null && signal == KILL) ? ", as the kernel had no memory left for it"
					: ", as it had no memory left";
		}
		else if (kind == ExitKind.CRASH) {
			end = "crashed and " + end;
		}
		boolean reported = kind == ExitKind.OUT_OF_MEMORY || kind == ExitKind.CRASH;
		return (reported && words.crashReport() != null) ? end + ", its report is " + words.crashReport() : end;
	}

}
