package io.github.bootcluster.wire;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Connections that have not said yet what they are for. A worker does so at once: one
 * that keeps silent would hold a descriptor of the master for nothing. Those that take
 * too long are closed, and the oldest one as soon as there are too many. It belongs to an
 * event loop.
 */
final class Greetings {

	/**
	 * More than a busy machine needs, and far fewer than a process has descriptors.
	 */
	static final int MAX_PENDING = 64;

	private static final Duration TIMEOUT = Duration.ofSeconds(10);

	private static final Log logger = LogFactory.getLog(Greetings.class);

	private static final long WARNING_INTERVAL = TimeUnit.MINUTES.toNanos(1);

	private final EventLoop loop;

	private final String name;

	private final Duration timeout;

	private final Deque<Pending> pending = new ArrayDeque<>();

	private long warnedAt = System.nanoTime() - WARNING_INTERVAL;

	private int closedSilently;

	/**
	 * Creates the pending greetings of a socket.
	 * @param name the socket's name, fit for a log line
	 */
	Greetings(EventLoop loop, String name) {
		this(loop, name, TIMEOUT);
	}

	Greetings(EventLoop loop, String name, Duration timeout) {
		this.loop = loop;
		this.name = name;
		this.timeout = timeout;
	}

	/**
	 * Waits for the greeting of a connection.
	 * @param peer who is at its other end, fit for a log line
	 * @return what to {@linkplain Pending#end end} once it has greeted or was closed
	 */
	Pending await(String peer, Runnable close) {
		if (this.pending.size() >= MAX_PENDING) {
			expire(this.pending.getFirst());
		}
		Pending added = new Pending(peer, close);
		this.pending.add(added);
		return added;
	}

	private void expire(Pending silent) {
		if (this.pending.remove(silent)) {
			silent.close.run();
			warn(silent);
		}
	}

	private void warn(Pending silent) {
		this.closedSilently++;
		long now = System.nanoTime();
		if (now - this.warnedAt >= WARNING_INTERVAL) {
			logger.warn("Closed %d connections to the %s that said nothing, the last one of %s"
				.formatted(this.closedSilently, this.name, silent.peer));
			this.warnedAt = now;
			this.closedSilently = 0;
		}
	}

	int size() {
		return this.pending.size();
	}

	/**
	 * Connection that has said nothing yet.
	 */
	final class Pending {

		private final String peer;

		private final Runnable close;

		private final Future<?> timer;

		private Pending(String peer, Runnable close) {
			this.peer = peer;
			this.close = close;
			this.timer = Greetings.this.loop.schedule(() -> expire(this), Greetings.this.timeout.toNanos(),
					TimeUnit.NANOSECONDS);
		}

		void end() {
			this.timer.cancel(false);
			Greetings.this.pending.remove(this);
		}

	}

}
