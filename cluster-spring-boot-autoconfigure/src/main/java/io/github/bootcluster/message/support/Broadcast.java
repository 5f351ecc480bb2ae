package io.github.bootcluster.message.support;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import io.github.bootcluster.message.ClusterMessage;
import io.github.bootcluster.message.MessageFailure;

/**
 * A message to several workers, until all that are ready have dealt with it.
 */
final class Broadcast {

	private final AtomicInteger outstanding = new AtomicInteger(1);

	private final AtomicInteger handled = new AtomicInteger();

	private final AtomicReference<Outcome> failure = new AtomicReference<>();

	private final Consumer<Outcome> answer;

	private Broadcast(Consumer<Outcome> answer) {
		this.answer = answer;
	}

	/**
	 * Sends a message. Workers that are not ready get it, and are not waited for: it
	 * might take a while.
	 */
	static void send(ClusterMessage message, List<MessageRoute> receivers, Consumer<Outcome> answer) {
		Broadcast broadcast = new Broadcast(answer);
		for (MessageRoute receiver : receivers) {
			if (receiver.isReady()) {
				broadcast.outstanding.incrementAndGet();
				receiver.send(message, broadcast::settled);
			}
			else {
				receiver.send(message, (outcome) -> {
				});
			}
		}
		broadcast.done();
	}

	private void settled(Outcome outcome) {
		if (outcome instanceof Outcome.Handled) {
			this.handled.incrementAndGet();
		}
		else if (outcome instanceof Outcome.Unhandled unhandled && unhandled.failure() != MessageFailure.GONE
				&& unhandled.failure() != MessageFailure.NO_LISTENER) {
			this.failure.compareAndSet(null, outcome);
		}
		done();
	}

	private void done() {
		if (this.outstanding.decrementAndGet() == 0) {
			Outcome failed = this.failure.get();
			this.answer.accept((failed != null) ? failed : new Outcome.Handled(String.valueOf(this.handled.get())));
		}
	}

}
