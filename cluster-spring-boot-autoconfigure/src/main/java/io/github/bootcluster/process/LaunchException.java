package io.github.bootcluster.process;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the process of a worker could not be started. It is checked, because a
 * supervisor has to treat it as one more attempt that failed, and go on.
 */
public final class LaunchException extends Exception {

	private final String worker;

	private final String reason;

	/**
	 * Creates an exception.
	 * @param cause what the operating system said, or {@code null}
	 */
	public LaunchException(String worker, String reason, @Nullable Throwable cause) {
		super("Cannot fork " + worker + ": " + reason, cause);
		this.worker = worker;
		this.reason = reason;
	}

	/**
	 * Returns the name of the worker.
	 */
	public String worker() {
		return this.worker;
	}

	/**
	 * Returns why the worker could not be started.
	 */
	public String reason() {
		return this.reason;
	}

}
