package io.github.bootcluster.message.support;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterMessageFailedException;
import io.github.bootcluster.message.ClusterMessage;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.message.MessageFailure;
import io.github.bootcluster.wire.Failure;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Who listens to which messages in this process.
 */
public final class MessageListeners {

	private static final Log logger = LogFactory.getLog(MessageListeners.class);

	private final Map<String, List<Listener>> listeners = new ConcurrentHashMap<>();

	private final Set<String> dropped = ConcurrentHashMap.newKeySet();

	ClusterMessages.Registration add(String name, Listener listener) {
		this.listeners.merge(name, List.of(listener),
				(before, added) -> Stream.concat(before.stream(), added.stream()).toList());
		return () -> this.listeners.computeIfPresent(name, (key, all) -> {
			List<Listener> left = all.stream().filter((other) -> other != listener).toList();
			return left.isEmpty() ? null : left;
		});
	}

	/**
	 * Lets all listeners of a message's name handle it.
	 */
	public void handle(Delivery delivery) {
		ClusterMessage message = delivery.message();
		List<Listener> called = this.listeners.getOrDefault(message.name(), List.of());
		if (called.isEmpty()) {
			delivery.answer()
				.accept(new Outcome.Unhandled(MessageFailure.NO_LISTENER,
						"Nobody listens to messages '%s' there".formatted(message.name())));
			return;
		}
		List<CompletableFuture<String>> replies = called.stream().map((listener) -> call(listener, message)).toList();
		CompletableFuture.allOf(replies.toArray(CompletableFuture[]::new))
			.whenComplete((done, failure) -> delivery.answer()
				.accept((failure != null) ? failed(message, failure) : new Outcome.Handled(reply(replies))));
	}

	private static CompletableFuture<String> call(Listener listener, ClusterMessage message) {
		try {
			return listener.hear(message);
		}
		catch (Exception | LinkageError | StackOverflowError | AssertionError ex) {
			return CompletableFuture.failedFuture(ex);
		}
	}

	private static String reply(List<CompletableFuture<String>> replies) {
		return replies.stream()
			.map(CompletableFuture::join)
			.filter((reply) -> !reply.equals(Listener.NO_REPLY))
			.findFirst()
			.orElse(Listener.NO_REPLY);
	}

	private Outcome failed(ClusterMessage message, Throwable failure) {
		Throwable cause = Failure.cause(failure);
		String sender = message.sender().toString();
		if (cause instanceof ClusterMessageFailedException ex && ex.getFailure() == MessageFailure.UNREADABLE) {
			if (this.dropped.add(message.name())) {
				logger.warn("Dropped a message of %s, and will drop further ones silently: %s".formatted(sender,
						ex.getMessage()));
			}
			return new Outcome.Unhandled(ex.getFailure(), String.valueOf(ex.getMessage()));
		}
		logger.error("A listener failed at message '%s' of %s".formatted(message.name(), sender), cause);
		return new Outcome.Unhandled(MessageFailure.LISTENER_FAILED,
				"A listener failed at message '%s': %s".formatted(message.name(), cause));
	}

	/**
	 * Hears messages of a name.
	 */
	interface Listener {

		/**
		 * JSON of no reply.
		 */
		String NO_REPLY = "null";

		/**
		 * Handles a message.
		 * @throws Exception if the message cannot be handled
		 */
		CompletableFuture<String> hear(ClusterMessage message) throws Exception;

	}

}
