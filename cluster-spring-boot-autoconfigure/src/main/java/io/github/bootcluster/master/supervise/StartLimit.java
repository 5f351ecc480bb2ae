package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

/**
 * How long a worker may take until it is ready. When its time is up, its use of processor
 * time since a look some seconds before tells whether it is slow, and gets more time, or
 * stuck. It belongs to the supervisor's thread.
 */
final class StartLimit {

	/**
	 * What uses processor time may hang in an endless loop, too.
	 */
	private static final int MAX_PERIODS = 4;

	private static final Duration LONGEST_OBSERVATION = Duration.ofSeconds(10);

	/**
	 * Share of one processor. A JVM that waits uses about a hundredth.
	 */
	private static final double BUSY = 0.1;

	private final Duration period;

	private final long observation;

	private int periods = 1;

	private long due;

	private long observedAt;

	private boolean observed;

	private @Nullable Duration usedBefore;

	StartLimit(Duration period, long now) {
		this.period = period;
		this.observation = Math.min(LONGEST_OBSERVATION.toNanos(), period.toNanos() / 2);
		this.due = now + period.toNanos();
	}

	/**
	 * Returns when to look at the worker.
	 */
	long deadline() {
		return this.observed ? this.due : this.due - this.observation;
	}

	/**
	 * Leaves the time out in which nothing could happen.
	 */
	void postpone(long nanos) {
		this.due += nanos;
		this.observedAt += nanos;
	}

	/**
	 * Returns how long the worker has been waited for.
	 * @return the time until now, or rather until it is up
	 */
	Duration waited() {
		return this.period.multipliedBy(this.periods);
	}

	/**
	 * Judges a worker that is not ready.
	 * @param used the processor time that it has used in all, if that can be told
	 */
	Verdict judge(Optional<Duration> used, long now) {
		if (!this.observed) {
			this.observed = true;
			this.observedAt = now;
			this.usedBefore = used.orElse(null);
			this.due = Math.max(this.due, now + this.observation);
			return Verdict.OBSERVED;
		}
		if (this.usedBefore == null || used.isEmpty()) {
			return Verdict.UNKNOWN;
		}
		long spent = used.get().minus(this.usedBefore).toNanos();
		if (spent < BUSY * (now - this.observedAt)) {
			return Verdict.IDLE;
		}
		if (this.periods == MAX_PERIODS) {
			return Verdict.BUSY_FOR_EVER;
		}
		this.periods++;
		this.observed = false;
		this.due = now + this.period.toNanos();
		return Verdict.SLOW;
	}

	enum Verdict {

		/**
		 * It is too early to tell.
		 */
		OBSERVED,
		/**
		 * It works, and gets more time.
		 */
		SLOW,
		/**
		 * It works, but has had time enough.
		 */
		BUSY_FOR_EVER,
		/**
		 * It does not work.
		 */
		IDLE,
		/**
		 * Its time is up, and the system does not tell what it does.
		 */
		UNKNOWN

	}

}
