package io.github.bootcluster.distribution;

import java.util.List;
import java.util.SplittableRandom;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class RandomDistributorTests {

	private static final int TIMES = 40_000;

	private final ConnectionDistributor distributor = new RandomDistributor(new SplittableRandom(7));

	@Test
	void eachWorkerIsAsLikelyAsTheOthers() {
		int[] counts = count(TestCandidate.inSlots(1, 2, 3, 4));
		// Four standard deviations of a binomial distribution
		int tolerated = (int) (4 * Math.sqrt(TIMES * 0.25 * 0.75));
		assertThat(counts).hasSize(4);
		for (int count : counts) {
			assertThat(count).isCloseTo(TIMES / 4, within(tolerated));
		}
	}

	@Test
	void choiceDoesNotDependOnTheOneBefore() {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2);
		int same = 0;
		int last = -1;
		for (int i = 0; i < TIMES; i++) {
			int chosen = this.distributor.choose(candidates, TestCandidate.NOBODY);
			same += (chosen == last) ? 1 : 0;
			last = chosen;
		}
		assertThat(same).isCloseTo(TIMES / 2, within((int) (4 * Math.sqrt(TIMES * 0.25))));
	}

	@Test
	void workerThatLagsGetsNothingWhileThereIsAnother() {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2, 3);
		candidates.get(2).lag(true);
		int[] counts = count(candidates);
		assertThat(counts[2]).isZero();
		assertThat(counts[0]).isCloseTo(TIMES / 2, within((int) (4 * Math.sqrt(TIMES * 0.25))));
		candidates.forEach((candidate) -> candidate.lag(true));
		assertThat(count(candidates)).doesNotContain(0);
	}

	@Test
	void onlyWorkerGetsAllConnections() {
		assertThat(count(TestCandidate.inSlots(3))).containsExactly(TIMES);
	}

	@Test
	void strategyIsNotSeeded() {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2, 3, 4, 5, 6, 7, 8);
		ConnectionDistributor one = DistributionStrategy.RANDOM.newDistributor();
		ConnectionDistributor other = DistributionStrategy.RANDOM.newDistributor();
		int same = 0;
		for (int i = 0; i < 1000; i++) {
			same += (one.choose(candidates, TestCandidate.NOBODY) == other.choose(candidates, TestCandidate.NOBODY)) ? 1
					: 0;
		}
		assertThat(same).isLessThan(1000);
	}

	private int[] count(List<TestCandidate> candidates) {
		int[] counts = new int[candidates.size()];
		for (int i = 0; i < TIMES; i++) {
			counts[this.distributor.choose(candidates, TestCandidate.NOBODY)]++;
		}
		return counts;
	}

}
