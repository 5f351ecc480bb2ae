package io.github.bootcluster.distribution;

import java.util.List;

/**
 * Gives a connection to the worker that has the fewest. Of those that have equally few,
 * one that still has processor time left comes first, and they take turns: while nobody
 * keeps a connection for long, the first one would get them all. A worker that lags
 * behind gets none while there are others, and a new one only a part of its share.
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
		long least = Long.MAX_VALUE;
		for (int i = 0; i < candidates.size(); i++) {
			int next = (first + i) % candidates.size();
			long rank = rank(candidates.get(next));
			if (rank < least) {
				chosen = next;
				least = rank;
			}
		}
		this.turn.take(candidates.get(chosen));
		return chosen;
	}

	/**
	 * Orders candidates: by their preference, by their connections, by whether they are
	 * busy.
	 * @param candidate the candidate
	 * @return a number that is the lower the rather the candidate gets the connection
	 */
	private static long rank(Candidate candidate) {
		long preference = Preference.rank(candidate);
		long busy = (candidate.cpuLoad() >= BUSY) ? 1 : 0;
		return (preference << 61) | ((long) (candidate.connections() / candidate.share()) << 1) | busy;
	}

}
