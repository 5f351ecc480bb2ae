package io.github.bootcluster.worker.netty;

import java.time.Duration;

/**
 * Time over which the connections of a draining worker are told to end, each at a moment
 * of its own, so that their clients do not come back all at once.
 *
 * @param grace how long the first idle connection is left to its client, who will most
 * likely use it again and then hears in the response that it ends
 * @param length when the last connection is told
 */
record DrainWindow(Duration grace, Duration length) {

	private static final Duration LONGEST_GRACE = Duration.ofSeconds(1);

	private static final Duration LONGEST = Duration.ofSeconds(10);

	private static final int SHARE = 3;

	private static final int MOMENTS = 0xFFFF;

	/**
	 * Creates the window of a drain: the first third of its time, but no longer than ten
	 * seconds.
	 */
	static DrainWindow of(Duration timeout) {
		Duration length = least(LONGEST, timeout.dividedBy(SHARE));
		return new DrainWindow(least(LONGEST_GRACE, length), length);
	}

	private static Duration least(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	/**
	 * Returns a connection's own moment, by an even spread that takes no memory.
	 * @return nanoseconds after the start of the drain
	 */
	long dueAfter(int hash) {
		// Both halves count: one alone may be the same for all
		int moment = (hash ^ (hash >>> 16)) & MOMENTS;
		return this.grace.toNanos() + this.length.minus(this.grace).toNanos() / MOMENTS * moment;
	}

}
