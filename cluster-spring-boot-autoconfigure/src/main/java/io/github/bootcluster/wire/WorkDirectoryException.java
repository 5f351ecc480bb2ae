package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

import io.github.bootcluster.ClusterException;
import io.github.bootcluster.file.UntrustedFolderException;

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
		super("Work directory '%s' cannot be used: %s".formatted(directory, describe(cause)), cause);
		this.directory = directory;
		this.problem = describe(cause);
	}

	private static String describe(IOException cause) {
		if (cause instanceof AccessDeniedException) {
			return "the account of this process may not write there";
		}
		if (cause instanceof UntrustedFolderException) {
			return String.valueOf(cause.getMessage());
		}
		if (cause instanceof FileAlreadyExistsException) {
			return "a file of this name exists that is not a folder";
		}
		// Its message would be the path alone, or that and the reason
		String reason = (cause instanceof FileSystemException failure) ? failure.getReason() : cause.getMessage();
		return (reason != null) ? reason : cause.toString();
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
