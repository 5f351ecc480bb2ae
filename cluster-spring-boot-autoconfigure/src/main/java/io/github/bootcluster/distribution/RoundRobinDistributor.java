package io.github.bootcluster.distribution;

import java.util.List;

/**
 * Gives each worker a connection in turn.
 */
final class RoundRobinDistributor implements ConnectionDistributor {

	private final Turn turn = new Turn();

	@Override
	public int choose(List<? extends Candidate> candidates, Connection connection) {
		int chosen = 0;
		for (int i = 0; i < candidates.size(); i++) {
			if (this.turn.isBefore(candidates.get(i))) {
				chosen = i;
				break;
			}
		}
		this.turn.take(candidates.get(chosen));
		return chosen;
	}

}
