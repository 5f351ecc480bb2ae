package io.github.bootcluster.distribution;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Gives a connection to any worker that does not lag behind, each as likely as the others
 * but for new ones; to any at all if all do.
 */
final class RandomDistributor implements ConnectionDistributor {

	/**
	 * Drawing again keeps the chances of those that are drawn; where most lag behind,
	 * searching is faster.
	 */
	private static final int DRAWS = 8;

	private final RandomGenerator random;

	RandomDistributor(RandomGenerator random) {
		this.random = random;
	}

	@Override
	public int choose(List<? extends Candidate> candidates, Connection connection) {
		for (int i = 0; i < DRAWS; i++) {
			int drawn = this.random.nextInt(candidates.size());
			if (Preference.rank(candidates.get(drawn)) == Preference.FIRST) {
				return drawn;
			}
		}
		return Preference.best(candidates, this.random.nextInt(candidates.size()));
	}

}
