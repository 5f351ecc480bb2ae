package io.github.bootcluster.process;

import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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

	private FolderLock(List<String> prefix) {
		this.prefix = prefix;
	}

	static FolderLock none() {
		return new FolderLock(List.of());
	}

	/**
	 * Creates a lock, and tries it.
	 * @param folder the folder
	 * @return the lock, which does nothing where the system cannot lock
	 */
	static FolderLock on(Path folder) {
		return on(folder, System.getenv().getOrDefault("PATH", ""));
	}

	static FolderLock on(Path folder, String path) {
		return Stream.of(path.split(File.pathSeparator))
			.filter((element) -> element.startsWith("/"))
			.map((element) -> Path.of(element, TOOL))
			.filter((file) -> Files.isRegularFile(file) && Files.isExecutable(file))
			.findFirst()
			.map((tool) -> new FolderLock(
					List.of(tool.toString(), "--shared", "--wait", CLEANER_SECONDS, "--no-fork", folder.toString())))
			.filter(FolderLock::works)
			.orElseGet(FolderLock::none);
	}

	/**
	 * Runs the tool once: that of BusyBox does not know all options.
	 * @return whether a command is run as if the tool were not there
	 */
	private boolean works() {
		try {
			Process process = new ProcessBuilder(command(List.of("true"))).redirectErrorStream(true)
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
	 * @param command the other one
	 * @return the command
	 */
	List<String> command(List<String> command) {
		List<String> whole = new ArrayList<>(this.prefix);
		whole.addAll(command);
		return whole;
	}

}
