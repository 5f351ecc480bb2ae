package io.github.bootcluster.master.listen;

import java.util.concurrent.TimeUnit;

import io.netty.channel.EventLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Takes connections back from workers that hang, as far as another one could take them.
 * Such a worker connects again once it works again. It looks for them as long as an ack
 * is owed, and always where workers accept connections themselves, which are asked
 * whether they do. Everything happens on the listeners' event loop.
 */
final class OverdueAcks {

	private static final Log logger = LogFactory.getLog(OverdueAcks.class);

	/**
	 * How long a worker may leave connections without an ack before another worker gets
	 * them. A worker that works acks within a millisecond; one that has paused for longer
	 * than this loses nothing by it.
	 */
	private static final long TIMEOUT_MILLIS = 2000;

	private static final long CHECK_MILLIS = 500;

	private final EventLoop loop;

	private final OpenListeners listeners;

	private final ConnectionCounts counts;

	private final boolean always;

	private boolean watching;

	/**
	 * Creates a watch that has not begun.
	 * @param always whether it does not end while no ack is owed
	 */
	OverdueAcks(EventLoop loop, OpenListeners listeners, ConnectionCounts counts, boolean always) {
		this.loop = loop;
		this.listeners = listeners;
		this.counts = counts;
		this.always = always;
	}

	/**
	 * Watches until no ack is owed.
	 */
	void watch() {
		if (!this.watching) {
			this.watching = true;
			this.loop.schedule(this::check, CHECK_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

	private void check() {
		this.watching = false;
		reclaim(System.nanoTime());
		int waiting = this.listeners.all().stream().mapToInt((all) -> all.dispatcher().held()).sum();
		this.counts.waiting(waiting);
		if (waiting > 0 || this.always) {
			watch();
		}
	}

	private void reclaim(long now) {
		for (ListenerSockets listener : this.listeners.all()) {
			listener.recallOverdue(now, TIMEOUT_MILLIS);
			for (Target target : listener.dispatcher().overdue(now, TIMEOUT_MILLIS)) {
				logger.warn("Worker %d (slot %d) has not taken %d connections for %d ms: another worker gets them"
					.formatted(target.worker(), target.slot(), target.sender().unacknowledged(),
							TimeUnit.NANOSECONDS.toMillis(target.sender().silence(now))));
				target.sender().reclaim();
			}
		}
	}

}
