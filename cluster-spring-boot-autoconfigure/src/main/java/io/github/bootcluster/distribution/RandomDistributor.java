package io.github.bootcluster.distribution;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Gives a connection to any worker, each as likely as the others.
 */
final class RandomDistributor implements ConnectionDistributor {

	private final RandomGenerator random;

	RandomDistributor(RandomGenerator random) {
		this.random = random;
	}

	@Override
	public int choose(List<? extends Candidate> candidates, Connection connection) {
		return this.random.nextInt(candidates.size());
	}

}
