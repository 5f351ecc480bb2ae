package io.github.bootcluster.process;

import java.io.IOException;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a file is no JAR that can be run.
 */
final class InvalidJarException extends IOException {

	private final String problem;

	InvalidJarException(String problem, @Nullable Throwable cause) {
		super(problem, cause);
		this.problem = problem;
	}

	String problem() {
		return this.problem;
	}

}
