package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.ClusterException;

/**
 * Thrown when the process may not open enough files for the wanted number of workers.
 */
class TooFewDescriptorsException extends ClusterException {

	private final int workers;

	private final long limit;

	private final long needed;

	TooFewDescriptorsException(int workers, long limit, long needed) {
		super("%d workers need up to %d open files in the master, but its limit is %d".formatted(workers, needed,
				limit));
		this.workers = workers;
		this.limit = limit;
		this.needed = needed;
	}

	int getWorkers() {
		return this.workers;
	}

	long getLimit() {
		return this.limit;
	}

	long getNeeded() {
		return this.needed;
	}

}
