package io.github.bootcluster.master.listen;

import io.github.bootcluster.ClusterException;

/**
 * Thrown when the process may not open enough files for the wanted number of workers.
 */
public class TooFewDescriptorsException extends ClusterException {

	private final int workers;

	private final long limit;

	private final long needed;

	/**
	 * Creates an exception.
	 */
	public TooFewDescriptorsException(int workers, long limit, long needed) {
		super("%d workers need up to %d open files in the master, but its limit is %d".formatted(workers, needed,
				limit));
		this.workers = workers;
		this.limit = limit;
		this.needed = needed;
	}

	/**
	 * Returns the wanted number of workers.
	 */
	public int getWorkers() {
		return this.workers;
	}

	/**
	 * Returns how many files the master may have open.
	 */
	public long getLimit() {
		return this.limit;
	}

	/**
	 * Returns how many files the master may need.
	 */
	public long getNeeded() {
		return this.needed;
	}

}
