package io.github.bootcluster.distribution;

import java.util.List;

/**
 * Gives a connection to the worker that has the fewest. Those that have equally few take
 * turns: while nobody keeps a connection for long, the first one would get them all.
 */
final class LeastConnectionsDistributor implements ConnectionDistributor {

	private final Turn turn = new Turn();

	@Override
	public int choose(List<? extends Candidate> candidates, Connection connection) {
		int chosen = 0;
		int fewest = Integer.MAX_VALUE;
		boolean chosenIsNext = false;
		for (int i = 0; i < candidates.size(); i++) {
			int connections = candidates.get(i).connections();
			boolean next = this.turn.isBefore(candidates.get(i));
			if (connections < fewest || (connections == fewest && next && !chosenIsNext)) {
				chosen = i;
				fewest = connections;
				chosenIsNext = next;
			}
		}
		this.turn.take(candidates.get(chosen));
		return chosen;
	}

}
