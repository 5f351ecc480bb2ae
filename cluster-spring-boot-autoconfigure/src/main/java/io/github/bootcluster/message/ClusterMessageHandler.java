package io.github.bootcluster.message;

import org.jspecify.annotations.Nullable;

/**
 * Handles messages of a name.
 *
 * @param <T> what the payload is read as
 * @see ClusterMessages#listen
 */
@FunctionalInterface
public interface ClusterMessageHandler<T> {

	/**
	 * Handles a message. It runs on a thread for messages and may block; the next message
	 * of the same sender waits meanwhile.
	 * @param payload the payload
	 * @param message the message
	 * @return the reply to a request, or a stage or reactive type of it; whatever is
	 * returned for another message tells by its completion when the message is handled
	 * @throws Exception if the message cannot be handled: the sender's stage fails
	 */
	@Nullable Object handle(@Nullable T payload, ClusterMessage message) throws Exception;

}
