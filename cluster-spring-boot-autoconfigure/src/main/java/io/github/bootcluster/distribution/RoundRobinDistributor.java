package io.github.bootcluster.distribution;

import java.util.List;

/**
 * Gives each worker a connection in turn. It remembers whose turn it was instead of an
 * index, so that the turn goes on where it was when a worker comes or goes.
 */
final class RoundRobinDistributor implements ConnectionDistributor {

	private int lastSlot;

	private int lastWorker;

	@Override
	public int choose(List<? extends Candidate> candidates) {
		int chosen = 0;
		for (int i = 0; i < candidates.size(); i++) {
			if (isAfterLast(candidates.get(i))) {
				chosen = i;
				break;
			}
		}
		this.lastSlot = candidates.get(chosen).slot();
		this.lastWorker = candidates.get(chosen).worker();
		return chosen;
	}

	private boolean isAfterLast(Candidate candidate) {
		return (candidate.slot() != this.lastSlot) ? candidate.slot() > this.lastSlot
				: candidate.worker() > this.lastWorker;
	}

}
