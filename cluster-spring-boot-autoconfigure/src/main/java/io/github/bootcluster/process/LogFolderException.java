package io.github.bootcluster.process;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the logs of workers cannot be put in a folder.
 */
public final class LogFolderException extends RuntimeException {

	private final Path directory;

	private final String problem;

	LogFolderException(Path directory, String problem, @Nullable Throwable cause) {
		super("No logs can be written in '%s': %s".formatted(directory, problem), cause);
		this.directory = directory;
		this.problem = problem;
	}

	/**
	 * Returns the folder.
	 */
	public Path getDirectory() {
		return this.directory;
	}

	/**
	 * Returns what is wrong with it.
	 */
	public String getProblem() {
		return this.problem;
	}

}
