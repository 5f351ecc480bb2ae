package io.github.bootcluster.master.supervise;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Whether a worker gives signs of life. It belongs to the supervisor's thread.
 */
final class Pulse {

	/**
	 * How often a worker that serves reports.
	 */
	private static final Duration PACE = Duration.ofSeconds(1);

	private long heardAt;

	private Duration next = Duration.ZERO;

	private long suspectedAt = -1;

	private boolean broken;

	private @Nullable String threadDump;

	/**
	 * Takes note of a sign of life, or begins to wait for one. A worker that is broken
	 * may give them all the same.
	 */
	boolean heard(long now) {
		boolean suspected = isSuspected();
		this.heardAt = now;
		if (this.broken) {
			return false;
		}
		this.suspectedAt = -1;
		this.threadDump = null;
		return suspected;
	}

	/**
	 * Takes note of when the worker will give a sign of life again, at the latest.
	 */
	void expect(Duration next) {
		this.next = next;
	}

	/**
	 * Returns how long the worker may be silent. An idle one asks its event loops less
	 * often than each second: they may have been blocked only since it last did.
	 */
	Duration tolerance(Duration timeout) {
		Duration idle = this.next.minus(PACE);
		return idle.isNegative() ? timeout : timeout.plus(idle);
	}

	boolean isBroken() {
		return this.broken;
	}

	void setBroken(boolean broken) {
		this.broken = broken;
	}

	void suspect(long now) {
		this.suspectedAt = now;
	}

	boolean isSuspected() {
		return this.suspectedAt >= 0;
	}

	long suspectedAt() {
		return this.suspectedAt;
	}

	void dumped(String dump) {
		if (isSuspected()) {
			this.threadDump = dump;
		}
	}

	@Nullable String threadDump() {
		return this.threadDump;
	}

	Duration silence(long now) {
		return Duration.ofNanos(now - this.heardAt);
	}

}
