package io.github.bootcluster.distribution;

import java.util.List;

import io.github.bootcluster.distribution.ConnectionDistributor.Candidate;

/**
 * Whose turn it was last. It remembers the worker instead of an index, so that the turn
 * goes on where it was when a worker comes or goes.
 */
final class Turn {

	private int slot;

	private int worker;

	/**
	 * Finds the candidate behind the one that had the last turn.
	 * @param candidates the candidates, at least one
	 * @return its index
	 */
	int next(List<? extends Candidate> candidates) {
		for (int i = 0; i < candidates.size(); i++) {
			if (isBefore(candidates.get(i))) {
				return i;
			}
		}
		return 0;
	}

	private boolean isBefore(Candidate candidate) {
		return (candidate.slot() != this.slot) ? candidate.slot() > this.slot : candidate.worker() > this.worker;
	}

	void take(Candidate candidate) {
		this.slot = candidate.slot();
		this.worker = candidate.worker();
	}

}
