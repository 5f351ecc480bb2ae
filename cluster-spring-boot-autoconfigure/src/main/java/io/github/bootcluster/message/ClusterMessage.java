package io.github.bootcluster.message;

import java.util.Objects;

/**
 * A message as its receiver sees it. A listener may take it as its last parameter.
 *
 * @param name the name
 * @param payload the payload as JSON
 * @param senderId the id of the worker that has sent it, 0 for the master
 * @param senderSlot the slot of that worker, 0 for the master
 * @param replyExpected whether the sender waits for a reply
 */
public record ClusterMessage(String name, String payload, int senderId, int senderSlot, boolean replyExpected) {

	public ClusterMessage {
		Objects.requireNonNull(name, "name");
		Objects.requireNonNull(payload, "payload");
	}

	/**
	 * Returns the sender, to send it something in turn.
	 * @return the sender
	 */
	public MessageTarget sender() {
		return (this.senderId == 0) ? MessageTarget.master() : MessageTarget.worker(this.senderId);
	}

}
