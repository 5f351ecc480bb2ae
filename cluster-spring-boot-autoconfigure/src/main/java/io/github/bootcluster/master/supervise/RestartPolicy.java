package io.github.bootcluster.master.supervise;

import java.time.Duration;

/**
 * How a rolling restart goes about it.
 *
 * @param timeout how long it may take
 * @param surge how many workers more than wanted may run at once; with 0 an old one goes
 * before a new one comes
 * @param soak how long the first worker of the new generation has to prove itself, zero
 * if it is enough that it is ready
 * @param exclusiveSlots whether a slot's old worker has ended before its next one starts
 * @param maxDraining how many old workers may still drain when the next one is replaced,
 * or 0 for half of the workers
 */
public record RestartPolicy(Duration timeout, int surge, Duration soak, boolean exclusiveSlots, int maxDraining) {

	/**
	 * Tells whether an old worker goes before its successor comes.
	 */
	boolean isInPlace() {
		return this.surge == 0 || this.exclusiveSlots;
	}

	/**
	 * Returns how many old workers may drain at the same time.
	 */
	int maxDraining(int wanted) {
		int most = (this.maxDraining > 0) ? this.maxDraining : (wanted + 1) / 2;
		return Math.max(1, Math.max(this.surge, most));
	}

}
