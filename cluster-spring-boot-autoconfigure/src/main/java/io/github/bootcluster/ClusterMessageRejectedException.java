package io.github.bootcluster;

/**
 * Thrown when a message would have to wait behind too many others: its receiver is slow
 * or has stopped. Nothing of it was handled, it may be sent again later.
 */
public class ClusterMessageRejectedException extends ClusterException {

	/**
	 * Creates an exception.
	 * @param reason a sentence with the number of messages that wait, and the limit
	 */
	public ClusterMessageRejectedException(String reason) {
		super(reason);
	}

}
