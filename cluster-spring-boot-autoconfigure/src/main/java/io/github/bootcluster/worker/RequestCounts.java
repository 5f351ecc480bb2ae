package io.github.bootcluster.worker;

import java.util.concurrent.atomic.LongAdder;

/**
 * Counts the requests that this worker has answered. Only those of the application's
 * WebFlux server are: what other servers answer, those that the application starts itself
 * included, is not seen.
 */
public final class RequestCounts {

	private final LongAdder requests = new LongAdder();

	private final LongAdder errors = new LongAdder();

	private volatile boolean paused;

	/**
	 * Counts nothing, or counts again.
	 */
	void pause(boolean paused) {
		this.paused = paused;
	}

	/**
	 * Counts a request that has been answered.
	 */
	public void answered(boolean error) {
		if (this.paused) {
			return;
		}
		this.requests.increment();
		if (error) {
			this.errors.increment();
		}
	}

	/**
	 * Returns how many requests have been answered.
	 */
	public long requests() {
		return this.requests.sum();
	}

	/**
	 * Returns how many requests have been answered with a status of 5xx.
	 */
	public long errors() {
		return this.errors.sum();
	}

}
