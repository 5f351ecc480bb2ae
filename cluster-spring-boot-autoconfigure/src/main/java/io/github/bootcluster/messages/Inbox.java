package io.github.bootcluster.messages;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import io.github.bootcluster.MessageFailure;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

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

	/**
	 * Creates an inbox.
	 * @param handler handles a message, and may block
	 * @param executor runs the handler
	 */
	public Inbox(Consumer<Delivery> handler, Executor executor) {
		this.handler = handler;
		this.executor = executor;
	}

	/**
	 * Begins to handle messages: whoever wants to hear them can.
	 */
	public synchronized void open() {
		if (!this.open) {
			this.open = true;
			this.senders.keySet().forEach(this::schedule);
		}
	}

	/**
	 * A message has arrived.
	 * @param delivery the message
	 */
	public synchronized void take(Delivery delivery) {
		int sender = delivery.message().senderId();
		Queue<Delivery> waiting = this.senders.computeIfAbsent(sender, (id) -> new ArrayDeque<>());
		waiting.add(delivery);
		if (this.open && waiting.size() == 1) {
			schedule(sender);
		}
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
