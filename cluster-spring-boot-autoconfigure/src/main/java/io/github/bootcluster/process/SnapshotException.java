package io.github.bootcluster.process;

import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when no whole snapshot of the application can be taken. What had been copied by
 * then is deleted.
 */
public final class SnapshotException extends RuntimeException {

	private final Path jar;

	private final String problem;

	SnapshotException(Path jar, String problem) {
		this(jar, problem, null);
	}

	SnapshotException(Path jar, String problem, @Nullable Throwable cause) {
		super("No snapshot of '%s' can be taken: %s".formatted(jar, problem), cause);
		this.jar = jar;
		this.problem = problem;
	}

	/**
	 * Returns the JAR that was to be copied.
	 */
	public Path getJar() {
		return this.jar;
	}

	/**
	 * Returns what is wrong.
	 */
	public String getProblem() {
		return this.problem;
	}

}
