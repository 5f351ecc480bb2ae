package io.github.bootcluster.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Notices a SIGQUIT to this process. The JVM keeps that signal to itself and lets nobody
 * handle it, but on Linux the kernel tells how often the JVM's thread for signals has
 * woken up: if it has, and no other signal was handled meanwhile, the signal was QUIT. A
 * tool that attaches to the JVM sends QUIT as well; it can be told by the thread that
 * serves it from then on.
 */
public final class QuitSignals {

	/**
	 * The kernel keeps 15 characters of a thread's name.
	 */
	private static final String DISPATCHER = "Signal Dispatch";

	private static final String ATTACH_LISTENER = "Attach Listener";

	private static final String SWITCHES = "voluntary_ctxt_switches:";

	private static final Path TASKS = Path.of("/proc/self/task");

	private final Path dispatcher;

	private final Path tasks;

	private final LongSupplier handled;

	private long lastSwitches;

	private long lastHandled;

	private boolean attached;

	private boolean suspected;

	private QuitSignals(Path dispatcher, Path tasks, LongSupplier handled) {
		this.dispatcher = dispatcher;
		this.tasks = tasks;
		this.handled = handled;
		this.lastSwitches = switches();
		this.lastHandled = handled.getAsLong();
		this.attached = task(tasks, ATTACH_LISTENER).isPresent();
	}

	/**
	 * Begins to watch this process.
	 * @return the watch, or empty where the system does not tell, or with the option
	 * {@code -Xrs}
	 */
	public static Optional<QuitSignals> watch() {
		return watch(TASKS, ProcessSignals::handled);
	}

	static Optional<QuitSignals> watch(Path tasks, LongSupplier handled) {
		return task(tasks, DISPATCHER).map((dispatcher) -> new QuitSignals(dispatcher, tasks, handled));
	}

	/**
	 * Tells whether QUIT has come since it was last told. To be asked from time to time,
	 * by one thread: it is told when asked once more, since a signal that is handled is
	 * counted a moment after the thread has woken up.
	 * @return whether it has come
	 */
	public boolean poll() {
		long switches = switches();
		long count = this.handled.getAsLong();
		boolean woken = switches != this.lastSwitches;
		boolean quit = false;
		if (count != this.lastHandled) {
			this.suspected = false;
		}
		else if (this.suspected) {
			boolean listens = task(this.tasks, ATTACH_LISTENER).isPresent();
			quit = this.attached || !listens;
			this.attached = listens;
			this.suspected = false;
		}
		else {
			this.suspected = woken;
		}
		this.lastSwitches = switches;
		this.lastHandled = count;
		return quit;
	}

	private long switches() {
		try (Stream<String> lines = Files.lines(this.dispatcher.resolve("status"))) {
			return lines.filter((line) -> line.startsWith(SWITCHES))
				.mapToLong((line) -> Long.parseLong(line.substring(SWITCHES.length()).trim()))
				.findFirst()
				.orElse(0);
		}
		catch (IOException | UncheckedIOException | NumberFormatException ex) {
			return this.lastSwitches;
		}
	}

	private static Optional<Path> task(Path tasks, String name) {
		try (Stream<Path> all = Files.list(tasks)) {
			return all.filter((task) -> name.equals(nameOf(task))).findFirst();
		}
		catch (IOException | UncheckedIOException ex) {
			return Optional.empty();
		}
	}

	private static @Nullable String nameOf(Path task) {
		try {
			return Files.readString(task.resolve("comm")).trim();
		}
		catch (IOException ex) {
			return null;
		}
	}

}
