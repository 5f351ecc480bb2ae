package io.github.bootcluster.distribution;

import java.util.List;

/**
 * Gives a connection to the worker that has the fewest. Of those that have equally few,
 * one that still has processor time left comes first, and they take turns: while nobody
 * keeps a connection for long, the first one would get them all. A worker that lags
 * behind gets none while there are others.
 */
final class LeastConnectionsDistributor implements ConnectionDistributor {

	/**
	 * Share of its processors from which on a worker has no time left. A mere comparison
	 * of figures that are a second old would send each second's connections to one
	 * worker.
	 */
	private static final double BUSY = 0.9;

	private final Turn turn = new Turn();

	@Override
	public int choose(List<? extends Candidate> candidates, Connection connection) {
		int first = this.turn.next(candidates);
		int chosen = first;
		for (int i = 1; i < candidates.size(); i++) {
			int next = (first + i) % candidates.size();
			if (isBetter(candidates.get(next), candidates.get(chosen))) {
				chosen = next;
			}
		}
		this.turn.take(candidates.get(chosen));
		return chosen;
	}

	private static boolean isBetter(Candidate candidate, Candidate other) {
		if (candidate.isLagging() != other.isLagging()) {
			return other.isLagging();
		}
		if (candidate.connections() != other.connections()) {
			return candidate.connections() < other.connections();
		}
		return candidate.cpuLoad() < BUSY && other.cpuLoad() >= BUSY;
	}

}
