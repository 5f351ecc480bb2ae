package io.github.bootcluster.master.listen;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import io.netty.channel.IoEventLoop;

/**
 * Lets listeners end without a connection being lost. Once others are kept away, what is
 * queued is accepted and handed over as workers take it; the event loop meanwhile reads
 * their acks, and a listener whose queue is empty is closed.
 */
final class ClosingListeners {

	/**
	 * Those who have been answered, but whose last packet of the handshake is still on
	 * its way, are queued within this time.
	 */
	private static final long HANDSHAKE_MILLIS = 100;

	private static final long TURN_MILLIS = 5;

	private final IoEventLoop loop;

	private final List<ListenerSockets> listeners;

	private final long handshakesDone;

	private final long deadline;

	private final CompletableFuture<Void> done = new CompletableFuture<>();

	private ClosingListeners(IoEventLoop loop, Collection<ListenerSockets> listeners, Duration limit) {
		this.loop = loop;
		this.listeners = new ArrayList<>(listeners);
		long now = System.nanoTime();
		this.handshakesDone = now + TimeUnit.MILLISECONDS.toNanos(HANDSHAKE_MILLIS);
		this.deadline = now + limit.toNanos();
	}

	/**
	 * Begins to close listeners, on the event loop.
	 * @return a stage that completes once all are closed
	 */
	static CompletionStage<Void> close(IoEventLoop loop, Collection<ListenerSockets> listeners, Duration limit) {
		ClosingListeners closing = new ClosingListeners(loop, listeners, limit);
		closing.run(() -> {
			closing.listeners.forEach(ListenerSockets::beginToClose);
			closing.turn();
		});
		return closing.done;
	}

	private void turn() {
		long now = System.nanoTime();
		this.listeners.removeIf((listener) -> isClosed(listener, now));
		if (this.listeners.isEmpty()) {
			this.done.complete(null);
		}
		else {
			this.loop.schedule(() -> run(this::turn), TURN_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	/**
	 * Runs a step, and tells of its failure: the end of the cluster waits for it.
	 */
	private void run(Runnable step) {
		try {
			step.run();
		}
		catch (RuntimeException ex) {
			this.done.completeExceptionally(ex);
		}
	}

	private boolean isClosed(ListenerSockets listener, long now) {
		if (now - this.deadline >= 0 || !listener.hasTaker()) {
			listener.close();
			return true;
		}
		return now - this.handshakesDone >= 0 && listener.closeEmpty();
	}

}
