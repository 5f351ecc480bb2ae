package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.file.Path;

import io.github.bootcluster.ClusterException;
import io.github.bootcluster.file.WriteFailures;

/**
 * Thrown when the folder for the sockets cannot be made.
 */
public class WorkDirectoryException extends ClusterException {

	private final Path directory;

	private final String problem;

	WorkDirectoryException(Path directory, String problem) {
		super("Work directory '%s' cannot be used: %s".formatted(directory, problem));
		this.directory = directory;
		this.problem = problem;
	}

	/**
	 * Creates an exception for a folder in which something failed.
	 */
	public WorkDirectoryException(Path directory, IOException cause) {
		super("Work directory '%s' cannot be used: %s".formatted(directory, WriteFailures.describe(cause)), cause);
		this.directory = directory;
		this.problem = WriteFailures.describe(cause);
	}

	/**
	 * Returns the folder in which the sockets' own was to be made.
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
