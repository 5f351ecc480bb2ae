package io.github.bootcluster.master.listen;

import java.time.Duration;

/**
 * What a worker last reported of its load. The supervisor's thread writes, the event loop
 * of the listeners reads.
 */
final class ReportedLoad {

	/**
	 * Below it an event loop of a busy worker may just have had other connections to
	 * serve.
	 */
	private static final Duration MAX_LAG = Duration.ofMillis(100);

	/**
	 * A worker reports about once a second, as soon as all its event loops answer: one
	 * that does not report has one that is blocked.
	 */
	private static final long MAX_AGE = Duration.ofSeconds(2).toNanos();

	/**
	 * When it last reported, {@link Long#MIN_VALUE} if it never has.
	 */
	private volatile long reportedAt = Long.MIN_VALUE;

	/**
	 * How many times in a row it reported a lag. A single one may be a collection.
	 */
	private volatile int lags;

	private volatile double cpuLoad;

	void report(Duration lag, double cpuLoad, long now) {
		this.lags = (lag.compareTo(MAX_LAG) >= 0) ? this.lags + 1 : 0;
		this.cpuLoad = cpuLoad;
		this.reportedAt = now;
	}

	boolean isLagging(long now) {
		return this.lags > 1 || (this.reportedAt != Long.MIN_VALUE && now - this.reportedAt > MAX_AGE);
	}

	double cpuLoad() {
		return this.cpuLoad;
	}

}
