package io.github.bootcluster.distribution;

import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Gives a connection to any worker that does not lag behind, each as likely as the
 * others; to any at all if all do.
 */
final class RandomDistributor implements ConnectionDistributor {

	private final RandomGenerator random;

	RandomDistributor(RandomGenerator random) {
		this.random = random;
	}

	@Override
	public int choose(List<? extends Candidate> candidates, Connection connection) {
		int drawn = this.random.nextInt(candidates.size());
		if (!candidates.get(drawn).isLagging()) {
			return drawn;
		}
		int others = 0;
		for (int i = 0; i < candidates.size(); i++) {
			if (!candidates.get(i).isLagging() && this.random.nextInt(++others) == 0) {
				drawn = i;
			}
		}
		return drawn;
	}

}
