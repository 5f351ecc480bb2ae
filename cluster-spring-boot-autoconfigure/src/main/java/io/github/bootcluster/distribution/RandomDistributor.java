package io.github.bootcluster.distribution;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Gives a connection to any worker, each as likely as the others. One that lags behind
 * leaves it to the next that does not.
 */
final class RandomDistributor implements ConnectionDistributor {

	private final RandomGenerator random;

	RandomDistributor(RandomGenerator random) {
		this.random = random;
	}

	@Override
	public int choose(List<? extends Candidate> candidates, Connection connection) {
		int drawn = this.random.nextInt(candidates.size());
		for (int i = 0; i < candidates.size(); i++) {
			int next = (drawn + i) % candidates.size();
			if (!candidates.get(next).isLagging()) {
				return next;
			}
		}
		return drawn;
	}

}
