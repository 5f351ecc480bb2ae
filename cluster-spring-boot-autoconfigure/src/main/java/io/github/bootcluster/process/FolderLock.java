package io.github.bootcluster.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * Lock on a folder that processes share for as long as they live.
 * {@code systemd-tmpfiles} passes over a folder that is locked so. Java cannot lock a
 * folder: {@code flock} of util-linux does it, which then becomes the process.
 *
 * @see <a href="https://systemd.io/TEMPORARY_DIRECTORIES/">Using /tmp/ and /var/tmp/
 * Safely</a>
 */
final class FolderLock {

	private static final String TOOL = "flock";

	private static final long TIMEOUT_SECONDS = 10;

	/**
	 * How long a cleaner may hold the folder, which looks at it and goes on.
	 */
	private static final String CLEANER_SECONDS = "5";

	private final List<String> prefix;

	private final boolean handedOn;

	private @Nullable Process holder;

	private FolderLock(List<String> prefix, boolean handedOn) {
		this.prefix = prefix;
		this.handedOn = handedOn;
	}

	static FolderLock none() {
		return new FolderLock(List.of(), true);
	}

	/**
	 * Creates a lock that a process beside the workers holds. Workers of another account
	 * must not get it: they could make it exclusive, and so keep all others out. While it
	 * is shared they cannot do so with one of their own either.
	 * @return the lock, which does nothing where the system cannot lock
	 */
	static FolderLock beside(Path folder) {
		return new FolderLock(on(folder).prefix, false);
	}

	/**
	 * Creates a lock, and tries it.
	 * @return the lock, which does nothing where the system cannot lock
	 */
	static FolderLock on(Path folder) {
		return on(folder, System.getenv().getOrDefault("PATH", ""));
	}

	static FolderLock on(Path folder, String path) {
		return SearchPath.find(TOOL, path)
			.map((tool) -> new FolderLock(
					List.of(tool.toString(), "--shared", "--wait", CLEANER_SECONDS, "--no-fork", folder.toString()),
					true))
			.filter(FolderLock::works)
			.orElseGet(FolderLock::none);
	}

	/**
	 * Runs the tool once: that of BusyBox does not know all options.
	 */
	private boolean works() {
		try {
			Process process = new ProcessBuilder(locked(List.of("true"))).redirectErrorStream(true)
				.redirectOutput(Redirect.DISCARD)
				.start();
			process.getOutputStream().close();
			return process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS) && process.exitValue() == 0;
		}
		catch (IOException ex) {
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	/**
	 * Returns a command that runs another one while the folder is locked.
	 */
	List<String> command(List<String> command) {
		if (this.handedOn) {
			return locked(command);
		}
		hold();
		return command;
	}

	/**
	 * Starts the process beside the workers unless it runs. Its input ends with this
	 * process, and so does it.
	 */
	private synchronized void hold() {
		Process current = this.holder;
		if (this.prefix.isEmpty() || current != null && current.isAlive()) {
			return;
		}
		try {
			this.holder = new ProcessBuilder(locked(List.of("cat"))).redirectErrorStream(true)
				.redirectOutput(Redirect.DISCARD)
				.start();
		}
		catch (IOException ex) {
			// A copy that a cleaner deletes is made again before the next fork
		}
	}

	private List<String> locked(List<String> command) {
		List<String> whole = new ArrayList<>(this.prefix);
		whole.addAll(command);
		return whole;
	}

}
