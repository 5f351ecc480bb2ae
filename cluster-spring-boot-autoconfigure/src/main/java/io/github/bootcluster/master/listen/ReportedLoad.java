package io.github.bootcluster.master.listen;

import java.time.Duration;

/**
 * What the supervisor last learned of a worker's load. Its thread writes, the event loop
 * of the listeners reads.
 */
final class ReportedLoad {

	/**
	 * Below it an event loop of a busy worker may just have had other connections to
	 * serve.
	 */
	private static final Duration MAX_LAG = Duration.ofMillis(100);

	private volatile boolean lagging;

	private volatile double cpuLoad;

	void report(Duration lag, double cpuLoad) {
		this.lagging = lag.compareTo(MAX_LAG) >= 0;
		this.cpuLoad = cpuLoad;
	}

	boolean isLagging() {
		return this.lagging;
	}

	double cpuLoad() {
		return this.cpuLoad;
	}

}
