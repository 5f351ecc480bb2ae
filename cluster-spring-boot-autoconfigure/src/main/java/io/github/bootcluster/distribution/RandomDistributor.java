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
		int eager = 0;
		for (int i = 0; i < candidates.size(); i++) {
			eager += candidates.get(i).isLagging() ? 0 : 1;
		}
		if (eager == 0) {
			return this.random.nextInt(candidates.size());
		}
		int drawn = this.random.nextInt(eager);
		for (int i = 0; i < candidates.size(); i++) {
			if (!candidates.get(i).isLagging() && drawn-- == 0) {
				return i;
			}
		}
		// One of them has begun to lag since
		return this.random.nextInt(candidates.size());
	}

}
