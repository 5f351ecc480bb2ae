package io.github.bootcluster.distribution;

import io.github.bootcluster.distribution.ConnectionDistributor.Candidate;

/**
 * Whose turn it was last. It remembers the worker instead of an index, so that the turn
 * goes on where it was when a worker comes or goes.
 */
final class Turn {

	private int slot;

	private int worker;

	/**
	 * Tells whether a candidate comes behind the one that had the last turn.
	 * @param candidate the candidate
	 * @return whether its turn is still to come in this round
	 */
	boolean isBefore(Candidate candidate) {
		return (candidate.slot() != this.slot) ? candidate.slot() > this.slot : candidate.worker() > this.worker;
	}

	void take(Candidate candidate) {
		this.slot = candidate.slot();
		this.worker = candidate.worker();
	}

}
