package io.github.bootcluster.master.listen;

import java.time.Duration;

import io.github.bootcluster.WorkerVitals;

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
	 * A worker reports as soon as all its event loops answer: one whose report is overdue
	 * has one that is blocked.
	 */
	private static final long MAX_DELAY = Duration.ofSeconds(1).toNanos();

	private volatile boolean reported;

	/**
	 * When the next report is due.
	 */
	private volatile long dueAt;

	/**
	 * How many times in a row it reported a lag. A single one may be a collection.
	 */
	private volatile int lags;

	private volatile double cpuLoad;

	void report(WorkerVitals vitals, Duration next, long now) {
		this.lags = (vitals.loopLag().compareTo(MAX_LAG) >= 0) ? this.lags + 1 : 0;
		this.cpuLoad = vitals.cpuLoad();
		this.dueAt = now + next.toNanos();
		this.reported = true;
	}

	boolean isLagging(long now) {
		return this.lags > 1 || (this.reported && now - this.dueAt > MAX_DELAY);
	}

	double cpuLoad() {
		return this.cpuLoad;
	}

}
