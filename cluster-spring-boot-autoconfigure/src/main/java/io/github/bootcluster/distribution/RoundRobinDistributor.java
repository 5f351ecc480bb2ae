package io.github.bootcluster.distribution;

import java.util.List;

/**
 * Gives each worker a connection in turn. A worker that lags behind has no turn while
 * there are others, and a new one skips some of its turns.
 */
final class RoundRobinDistributor implements ConnectionDistributor {

	private final Turn turn = new Turn();

	@Override
	public int choose(List<? extends Candidate> candidates, Connection connection) {
		int first = this.turn.next(candidates);
		int chosen = Preference.best(candidates, first);
		this.turn.take(candidates.get(chosen));
		return chosen;
	}

}
