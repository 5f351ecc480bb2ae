package io.github.bootcluster.message.support;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import io.github.bootcluster.message.MessageFailure;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Messages that have arrived and wait to be handled: those of one sender one after
 * another, those of different senders beside each other, as far as there are threads.
 * Their number is bounded by what may be under way to a receiver. Until it is opened, all
 * of them wait.
 */
public final class Inbox {

	private static final Log logger = LogFactory.getLog(Inbox.class);

	private final Map<Integer, Queue<Delivery>> senders = new HashMap<>();

	private final Consumer<Delivery> handler;

	private final Executor executor;

	private boolean open;

	private Outcome.@Nullable Unhandled end;

	/**
	 * Creates an inbox.
	 */
	public Inbox(Consumer<Delivery> handler, Executor executor) {
		this.handler = handler;
		this.executor = executor;
	}

	/**
	 * Begins to handle messages, as the listeners are registered.
	 */
	public synchronized void open() {
		this.end = null;
		if (!this.open) {
			this.open = true;
			this.senders.keySet().forEach(this::schedule);
		}
	}

	/**
	 * A message has arrived.
	 */
	public synchronized void take(Delivery delivery) {
		if (this.end != null) {
			delivery.answer().accept(this.end);
			return;
		}
		int sender = delivery.message().senderId();
		Queue<Delivery> waiting = this.senders.computeIfAbsent(sender, (id) -> new ArrayDeque<>());
		waiting.add(delivery);
		if (this.open && waiting.size() == 1) {
			schedule(sender);
		}
	}

	/**
	 * Handles no further message until it is opened again, as those who listen are about
	 * to go.
	 * @param reason a sentence for the senders of messages that are left or still come
	 */
	public void close(String reason) {
		Outcome.Unhandled outcome = new Outcome.Unhandled(MessageFailure.GONE, reason);
		// Without the lock: the callbacks may take locks of their own
		end(outcome).forEach((delivery) -> delivery.answer().accept(outcome));
	}

	private synchronized List<Delivery> end(Outcome.Unhandled outcome) {
		this.end = outcome;
		List<Delivery> left = new ArrayList<>();
		for (Queue<Delivery> waiting : this.senders.values()) {
			Delivery underWay = this.open ? waiting.remove() : null;
			left.addAll(waiting);
			waiting.clear();
			if (underWay != null) {
				waiting.add(underWay);
			}
		}
		this.senders.values().removeIf(Queue::isEmpty);
		return left;
	}

	private void schedule(int sender) {
		this.executor.execute(() -> handleNext(sender));
	}

	private void handleNext(int sender) {
		Delivery next = next(sender);
		try {
			this.handler.accept(next);
		}
		catch (RuntimeException | Error ex) {
			logger.error("Message '%s' was not handled".formatted(next.message().name()), ex);
			next.answer().accept(new Outcome.Unhandled(MessageFailure.LISTENER_FAILED, ex.toString()));
		}
		finally {
			done(sender);
		}
	}

	private synchronized Delivery next(int sender) {
		return this.senders.getOrDefault(sender, new ArrayDeque<>()).element();
	}

	private synchronized void done(int sender) {
		Queue<Delivery> waiting = this.senders.getOrDefault(sender, new ArrayDeque<>());
		waiting.poll();
		if (waiting.isEmpty()) {
			this.senders.remove(sender);
		}
		else {
			schedule(sender);
		}
	}

}
