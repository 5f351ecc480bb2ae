package io.github.bootcluster.distribution;

import java.util.List;

/**
 * Gives each worker a connection in turn. It remembers a slot instead of an index, so
 * that the turn goes on where it was when a worker comes or goes.
 */
final class RoundRobinDistributor implements ConnectionDistributor {

	private int lastSlot;

	@Override
	public int choose(List<? extends Candidate> candidates) {
		int chosen = 0;
		for (int i = 0; i < candidates.size(); i++) {
			if (candidates.get(i).slot() > this.lastSlot) {
				chosen = i;
				break;
			}
		}
		this.lastSlot = candidates.get(chosen).slot();
		return chosen;
	}

}
