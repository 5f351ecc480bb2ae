package io.github.bootcluster.message.support;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongConsumer;

import io.github.bootcluster.message.MessageFailure;
import org.jspecify.annotations.Nullable;

/**
 * Messages that were sent over a connection and are not settled yet. As the other end
 * settles a message only once it is handled, their budget bounds what waits on the whole
 * way, here and there. It may be used by any thread.
 */
public final class OpenMessages {

	private final String receiver;

	private final Budget budget;

	private final Map<Long, Open> open = new HashMap<>();

	private long last;

	private Outcome.@Nullable Unhandled end;

	/**
	 * Creates the messages of a connection.
	 * @param receiver who gets them, fit for a sentence
	 */
	public OpenMessages(String receiver, Budget budget) {
		this.receiver = receiver;
		this.budget = budget;
	}

	/**
	 * Sends a message.
	 * @param sender sends it under its number; if it cannot be sent it is not called
	 * @param answer hears what becomes of the message, once
	 */
	public void send(int size, LongConsumer sender, Consumer<Outcome> answer) {
		Outcome.Unhandled refusal;
		synchronized (this) {
			refusal = this.end;
			if (refusal == null && !this.budget.take(size)) {
				refusal = new Outcome.Unhandled(MessageFailure.REJECTED,
						"Too much waits for %s: %s".formatted(this.receiver, this.budget));
			}
			if (refusal == null) {
				long number = ++this.last;
				this.open.put(number, new Open(size, answer));
				// Within the lock, so that messages are sent in the order of their
				// numbers
				sender.accept(number);
				return;
			}
		}
		answer.accept(refusal);
	}

	/**
	 * A message was settled. One that is not known any more, or never was, is ignored.
	 */
	public void settled(long number, Outcome outcome) {
		Open settled;
		synchronized (this) {
			settled = this.open.remove(number);
			if (settled != null) {
				this.budget.giveBack(settled.size());
			}
		}
		if (settled != null) {
			settled.answer().accept(outcome);
		}
	}

	/**
	 * Settles all messages, and whatever comes later: the other end is gone.
	 */
	public void end(Outcome.Unhandled outcome) {
		List<Open> left;
		synchronized (this) {
			if (this.end != null) {
				return;
			}
			this.end = outcome;
			left = List.copyOf(this.open.values());
			this.open.clear();
			left.forEach((message) -> this.budget.giveBack(message.size()));
		}
		left.forEach((message) -> message.answer().accept(outcome));
	}

	/**
	 * A message that is not settled yet.
	 */
	private record Open(int size, Consumer<Outcome> answer) {

	}

}
