package io.github.bootcluster.message.support;

import java.util.function.Consumer;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.message.ClusterMessage;
import org.jspecify.annotations.Nullable;

/**
 * A message that has arrived.
 *
 * @param message the message
 * @param worker the worker that has sent it, where that is known
 * @param answer is to be told what becomes of it, once
 */
public record Delivery(ClusterMessage message, @Nullable ClusterWorker worker, Consumer<Outcome> answer) {

	/**
	 * Creates a delivery in a worker, which does not know other workers.
	 * @param answer is to be told what becomes of it, once
	 */
	public Delivery(ClusterMessage message, Consumer<Outcome> answer) {
		this(message, null, answer);
	}

}
