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
	 * @param answer hears what becomes of it, once, and must not block
	 */
	void carry(MessageTarget target, boolean replyExpected, String name, String payload, Consumer<Outcome> answer);

}
