package io.github.bootcluster.master;

import java.nio.file.Path;

import io.github.bootcluster.ClusterException;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when the pid file cannot be written, or is that of another master.
 */
public class PidFileException extends ClusterException {

	private final Path file;

	private final String problem;

	private final @Nullable Long owner;

	/**
	 * Creates an exception for a file that cannot be written.
	 * @param cause what failed, or {@code null}
	 */
	public PidFileException(Path file, String problem, @Nullable Throwable cause) {
		super("Pid file '%s' cannot be written: %s".formatted(file, problem), cause);
		this.file = file;
		this.problem = problem;
		this.owner = null;
	}

	/**
	 * Creates an exception for a file of another process.
	 * @param owner the process that it names, which is running
	 */
	public PidFileException(Path file, long owner) {
		super("Pid file '%s' is that of process %d, which is running".formatted(file, owner));
		this.file = file;
		this.problem = "it is that of process %d, which is running".formatted(owner);
		this.owner = owner;
	}

	/**
	 * Returns the file.
	 */
	public Path getFile() {
		return this.file;
	}

	/**
	 * Returns what is wrong with it.
	 */
	public String getProblem() {
		return this.problem;
	}

	/**
	 * Returns the process that the file names.
	 * @return the process id, or {@code null} if the problem is another one
	 */
	public @Nullable Long getOwner() {
		return this.owner;
	}

}
