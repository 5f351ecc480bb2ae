package io.github.bootcluster.distribution;

import java.util.List;

/**
 * Gives each worker a connection in turn. A worker that lags behind has no turn while
 * there are others.
 */
final class RoundRobinDistributor implements ConnectionDistributor {

	private final Turn turn = new Turn();

	@Override
	public int choose(List<? extends Candidate> candidates, Connection connection) {
		int first = this.turn.next(candidates);
		int chosen = first;
		for (int i = 0; i < candidates.size(); i++) {
			int next = (first + i) % candidates.size();
			if (!candidates.get(next).isLagging()) {
				chosen = next;
				break;
			}
		}
		this.turn.take(candidates.get(chosen));
		return chosen;
	}

}
