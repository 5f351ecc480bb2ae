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
	 * @param worker the name of the worker
	 * @param reason why it could not be started, to go on after a colon
	 * @param cause what the operating system said, or {@code null}
	 */
	public LaunchException(String worker, String reason, @Nullable Throwable cause) {
		super("Cannot fork " + worker + ": " + reason, cause);
		this.worker = worker;
		this.reason = reason;
	}

	/**
	 * Returns the name of the worker.
	 * @return the name that the request had
	 */
	public String worker() {
		return this.worker;
	}

	/**
	 * Returns why the worker could not be started.
	 * @return the reason alone
	 */
	public String reason() {
		return this.reason;
	}

}
