package io.github.bootcluster.process;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Signals that may be sent to a worker. Those that the JVM needs for itself are not among
 * them.
 */
public enum WorkerSignal {

	/**
	 * Ends the process with a crash report of the JVM.
	 */
	ABRT,

	/**
	 * Lets a process that was stopped go on.
	 */
	CONT,

	/**
	 * Ignored by a worker, unless its application handles it.
	 */
	HUP,

	/**
	 * Ignored by a worker, unless its application handles it.
	 */
	INT,

	/**
	 * Ends the process at once.
	 */
	KILL,

	/**
	 * Lets the JVM write a thread dump.
	 */
	QUIT,

	/**
	 * Stops the process until {@link #CONT} comes.
	 */
	STOP,

	/**
	 * Lets a worker finish its connections and end.
	 */
	TERM,

	/**
	 * Ends the process, unless its application handles it.
	 */
	USR1;

	private static final String PREFIX = "SIG";

	/**
	 * Finds a signal by its name.
	 * @param name the name in any case, with or without {@code SIG}
	 * @return the signal, or empty if it may not be sent
	 */
	public static Optional<WorkerSignal> find(String name) {
		String upper = name.trim().toUpperCase(Locale.ROOT);
		String bare = upper.startsWith(PREFIX) ? upper.substring(PREFIX.length()) : upper;
		return Arrays.stream(values()).filter((signal) -> signal.name().equals(bare)).findFirst();
	}

	/**
	 * Returns the names of all.
	 * @return the names, fit for a sentence
	 */
	public static String names() {
		return Arrays.stream(values()).map(WorkerSignal::name).collect(Collectors.joining(", "));
	}

}
