package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.Optional;

/**
 * How long to wait before a worker that died early is forked again.
 *
 * @param initialDelay the delay after the first early death in a row
 * @param multiplier what each further one multiplies it with
 * @param maxDelay the longest delay
 * @param healthyAfter how long a worker must have been ready for its death not to count
 * as early
 * @param maxAttempts after how many early deaths in a row to give up
 * @param exitWhenGivenUp whether the master ends once all slots are given up
 */
public record RespawnPolicy(Duration initialDelay, double multiplier, Duration maxDelay, Duration healthyAfter,
		int maxAttempts, boolean exitWhenGivenUp) {

	/**
	 * Returns how long to wait.
	 * @return the delay, or empty to give up
	 */
	Optional<Duration> delay(int earlyDeaths) {
		if (earlyDeaths == 0) {
			return Optional.of(Duration.ZERO);
		}
		if (earlyDeaths >= this.maxAttempts) {
			return Optional.empty();
		}
		double nanos = this.initialDelay.toNanos() * Math.pow(this.multiplier, earlyDeaths - 1);
		return Optional.of((nanos < this.maxDelay.toNanos()) ? Duration.ofNanos((long) nanos) : this.maxDelay);
	}

}
