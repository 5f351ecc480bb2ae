package io.github.bootcluster.message;

/**
 * Why a message was not handled.
 */
public enum MessageFailure {

	/**
	 * The receiver has no listener for the name.
	 */
	NO_LISTENER,

	/**
	 * The payload, or the reply, cannot be written as JSON.
	 */
	UNWRITABLE,

	/**
	 * The payload, or the reply, does not fit the type that it is wanted as.
	 */
	UNREADABLE,

	/**
	 * A listener has thrown an exception.
	 */
	LISTENER_FAILED,

	/**
	 * Too much waits for the receiver already.
	 */
	REJECTED,

	/**
	 * There is no such worker, or not any more.
	 */
	GONE,

	/**
	 * There is no master to carry the message, or not any more.
	 */
	UNAVAILABLE

}
