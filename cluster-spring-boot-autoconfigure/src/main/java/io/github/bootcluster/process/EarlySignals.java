package io.github.bootcluster.process;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

/**
 * Signals that come before this process knows what it is to do about them. They are
 * remembered from the first moment on that code of ours runs: some of them would end the
 * process otherwise, which a master must not do because of a restart that comes early.
 */
public final class EarlySignals {

	private static final List<String> NAMES = List.of("TERM", "INT", "HUP", "USR1", "TTIN", "TTOU");

	private static final Set<String> ENDS = Set.of("TERM", "INT");

	private static final int SIGNAL_BASE = 128;

	/**
	 * How long a process that is asked to end may take to find out that it is a master,
	 * in nanoseconds.
	 */
	private static final long DECISION_LIMIT = 10_000_000_000L;

	private static final Map<String, Runnable> FORMER = new LinkedHashMap<>();

	private static final List<String> REMEMBERED = new ArrayList<>();

	private static boolean kept;

	private EarlySignals() {
	}

	/**
	 * Begins to remember signals, where that is possible.
	 */
	public static synchronized void hold() {
		if (FORMER.isEmpty()) {
			for (String name : NAMES) {
				ProcessSignals.replace(name, (number) -> received(name, number))
					.ifPresent((former) -> FORMER.put(name, former));
			}
		}
	}

	private static synchronized void received(String name, int number) {
		if (ENDS.contains(name)) {
			if (end().isPresent()) {
				Runtime.getRuntime().halt(SIGNAL_BASE + number);
			}
			if (!kept) {
				Thread thread = new Thread(EarlySignals::releaseAfterLimit, "cluster-early-signal");
				thread.setDaemon(true);
				thread.start();
			}
		}
		REMEMBERED.add(name);
	}

	private static void releaseAfterLimit() {
		long end = System.nanoTime() + DECISION_LIMIT;
		while (end - System.nanoTime() > 0) {
			LockSupport.parkNanos(end - System.nanoTime());
		}
		synchronized (EarlySignals.class) {
			if (!kept) {
				release(Set.of());
			}
		}
	}

	/**
	 * Goes on remembering, as this process is a master.
	 */
	public static synchronized void keep() {
		kept = true;
	}

	/**
	 * Gives signals back to their former handlers, including those already received.
	 */
	public static synchronized void release(Set<String> ignored) {
		FORMER.values().forEach(Runnable::run);
		FORMER.clear();
		List<String> raised = REMEMBERED.stream().filter((name) -> !ignored.contains(name)).distinct().toList();
		REMEMBERED.clear();
		raised.forEach(ProcessSignals::raise);
	}

	/**
	 * Tells whether this process was asked to end.
	 */
	public static synchronized Optional<String> end() {
		return REMEMBERED.stream().filter(ENDS::contains).findFirst();
	}

	static synchronized List<String> remembered() {
		return List.copyOf(REMEMBERED);
	}

	/**
	 * Forgets what has come, as signals have handlers of their own now.
	 * @return the signals' names, in the order in which they came
	 */
	public static synchronized List<String> take() {
		List<String> taken = List.copyOf(REMEMBERED);
		REMEMBERED.clear();
		FORMER.clear();
		return taken;
	}

}
