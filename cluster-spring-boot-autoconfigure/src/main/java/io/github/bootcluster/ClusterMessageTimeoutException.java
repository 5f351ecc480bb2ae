package io.github.bootcluster;

import java.time.Duration;

import io.github.bootcluster.message.MessageTarget;

/**
 * Thrown when a request was not replied to in time. Whether it was handled is not known.
 */
public class ClusterMessageTimeoutException extends ClusterException {

	private final Duration timeout;

	/**
	 * Creates an exception.
	 * @param name the name of the message
	 * @param target whom it was for
	 * @param timeout how long the reply was waited for
	 */
	public ClusterMessageTimeoutException(String name, MessageTarget target, Duration timeout) {
		super("No reply to '%s' from %s within %d ms".formatted(name, target, timeout.toMillis()));
		this.timeout = timeout;
	}

	/**
	 * Returns how long the reply was waited for.
	 * @return the time
	 */
	public Duration getTimeout() {
		return this.timeout;
	}

}
