package io.github.bootcluster;

/**
 * Thrown when the payload of a message is too large.
 */
public class ClusterMessageTooLargeException extends ClusterException {

	private final long size;

	private final long limit;

	/**
	 * Creates an exception.
	 * @param name the name of the message
	 * @param size the size of the payload's JSON, in bytes
	 * @param limit the largest size, in bytes
	 */
	public ClusterMessageTooLargeException(String name, long size, long limit) {
		super("The payload of message '%s' has %,d bytes, allowed are %,d".formatted(name, size, limit));
		this.size = size;
		this.limit = limit;
	}

	/**
	 * Returns the size of the payload's JSON.
	 * @return the size, in bytes
	 */
	public long getSize() {
		return this.size;
	}

	/**
	 * Returns the largest size.
	 * @return the size, in bytes
	 */
	public long getLimit() {
		return this.limit;
	}

}
