package io.github.bootcluster.distribution;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import io.github.bootcluster.distribution.ConnectionDistributor.Candidate;

/**
 * Which of the workers come first for one connection, whatever the strategy.
 */
final class Preference {

	/**
	 * What is better than any other.
	 */
	static final int FIRST = 0;

	private static final int NEW = 1;

	private static final int LAST = 2;

	private Preference() {
	}

	/**
	 * Finds the first of the workers that come first.
	 * @param candidates the workers, at least one
	 * @param first the index of the worker to begin with
	 * @return the index of the worker
	 */
	static int best(List<? extends Candidate> candidates, int first) {
		int chosen = first;
		int best = LAST;
		for (int i = 0; i < candidates.size() && best > FIRST; i++) {
			int next = (first + i) % candidates.size();
			int rank = rank(candidates.get(next));
			if (rank < best) {
				chosen = next;
				best = rank;
			}
		}
		return chosen;
	}

	/**
	 * Ranks a worker: one that is new sometimes ranks behind the others, less often the
	 * longer it has been there; one that lags behind comes last.
	 * @param candidate the worker
	 * @return its rank, the lower, the better
	 */
	static int rank(Candidate candidate) {
		if (candidate.isLagging()) {
			return LAST;
		}
		double share = candidate.share();
		return (share >= 1 || ThreadLocalRandom.current().nextDouble() < share) ? FIRST : NEW;
	}

}
