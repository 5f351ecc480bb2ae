package io.github.bootcluster.worker;

import java.time.Duration;

/**
 * The processor time that this process uses. Unlike the figure of the JVM's own bean, it
 * does not depend on who else asks. It belongs to one thread.
 */
final class CpuLoad {

	private long measuredAt = System.nanoTime();

	private Duration used = used();

	/**
	 * Returns the load since the last call, in steps of 0.05: what is the same as before
	 * is not told to other workers again.
	 * @return the share of the processors that the JVM counts on, 0 to 1, or 0 where the
	 * system does not tell
	 */
	double load() {
		long now = System.nanoTime();
		Duration usedNow = used();
		double processors = (double) usedNow.minus(this.used).toNanos() / Math.max(now - this.measuredAt, 1);
		this.measuredAt = now;
		this.used = usedNow;
		double load = processors / Runtime.getRuntime().availableProcessors();
		return Math.round(Math.min(Math.max(load, 0), 1) * 20) / 20.0;
	}

	private static Duration used() {
		return ProcessHandle.current().info().totalCpuDuration().orElse(Duration.ZERO);
	}

}
