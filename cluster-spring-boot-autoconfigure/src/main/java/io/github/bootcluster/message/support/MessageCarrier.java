package io.github.bootcluster.message.support;

import java.util.function.Consumer;

import io.github.bootcluster.message.MessageTarget;

/**
 * Brings messages of this process on their way.
 */
@FunctionalInterface
public interface MessageCarrier {

	/**
	 * Sends a message.
	 * @param target whom it is for
	 * @param replyExpected whether its sender waits for a reply
	 * @param name its name
	 * @param payload its payload as JSON
	 * @param answer hears what becomes of it, once, and must not block
	 */
	void carry(MessageTarget target, boolean replyExpected, String name, String payload, Consumer<Outcome> answer);

}
