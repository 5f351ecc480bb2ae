package io.github.bootcluster;

import io.github.bootcluster.message.MessageFailure;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a message has reached nobody who could handle it, or when it could not be
 * written.
 */
public class ClusterMessageFailedException extends ClusterException {

	private final MessageFailure failure;

	/**
	 * Creates an exception.
	 * @param failure what is wrong
	 * @param reason a sentence that says so
	 */
	public ClusterMessageFailedException(MessageFailure failure, String reason) {
		this(failure, reason, null);
	}

	/**
	 * Creates an exception.
	 * @param failure what is wrong
	 * @param reason a sentence that says so
	 * @param cause what has caused it in this process, or {@code null}
	 */
	public ClusterMessageFailedException(MessageFailure failure, String reason, @Nullable Throwable cause) {
		super(reason, cause);
		this.failure = failure;
	}

	/**
	 * Returns what is wrong.
	 * @return the failure
	 */
	public MessageFailure getFailure() {
		return this.failure;
	}

}
