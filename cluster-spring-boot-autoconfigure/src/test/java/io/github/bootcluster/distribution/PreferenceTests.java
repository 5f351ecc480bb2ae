package io.github.bootcluster.distribution;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Promises on new workers, whose share of connections grows.
 */
class PreferenceTests {

	private static final int TIMES = 20_000;

	private static final int TOLERATED = TIMES / 50;

	@ParameterizedTest
	@EnumSource(names = { "ROUND_ROBIN", "LEAST_CONNECTIONS", "RANDOM" })
	void newWorkerGetsItsShareOfWhatAnotherGets(DistributionStrategy strategy) {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2);
		candidates.get(1).share(0.2);
		int[] counts = count(strategy.newDistributor(), candidates);
		assertThat(counts[1]).isCloseTo(TIMES / 6, within(TOLERATED));
		candidates.get(1).share(1);
		assertThat(count(strategy.newDistributor(), candidates)[1]).isCloseTo(TIMES / 2, within(TOLERATED));
	}

	@ParameterizedTest
	@EnumSource(names = { "ROUND_ROBIN", "LEAST_CONNECTIONS", "RANDOM" })
	void newWorkersAloneGetAllAndEquallyMany(DistributionStrategy strategy) {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2);
		candidates.forEach((candidate) -> candidate.share(0.1));
		assertThat(count(strategy.newDistributor(), candidates)[1]).isCloseTo(TIMES / 2, within(TOLERATED));
	}

	@ParameterizedTest
	@EnumSource(names = { "ROUND_ROBIN", "LEAST_CONNECTIONS", "RANDOM" })
	void newWorkerComesBeforeOneThatLags(DistributionStrategy strategy) {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2, 3);
		candidates.get(0).lag(true);
		candidates.get(1).share(0.1);
		candidates.get(2).lag(true);
		assertThat(count(strategy.newDistributor(), candidates)).containsExactly(0, TIMES, 0);
	}

	@ParameterizedTest
	@EnumSource(names = { "ROUND_ROBIN", "LEAST_CONNECTIONS", "RANDOM" })
	void otherWorkersAreServedEquallyBesideANewOne(DistributionStrategy strategy) {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2, 3);
		candidates.get(1).share(0.1);
		int[] counts = count(strategy.newDistributor(), candidates);
		assertThat(counts[0]).isCloseTo(counts[2], within(TIMES / 10));
		assertThat(counts[1]).isLessThan(TIMES / 10).isPositive();
	}

	@Test
	void newWorkerKeepsItsShareWhereConnectionsStayOpen() {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2, 3, 4);
		candidates.get(3).share(0.5);
		ConnectionDistributor distributor = DistributionStrategy.LEAST_CONNECTIONS.newDistributor();
		for (int i = 0; i < 700; i++) {
			candidates.get(distributor.choose(candidates, TestCandidate.NOBODY)).open();
		}
		assertThat(candidates.get(3).connections()).isCloseTo(100, within(2));
		assertThat(candidates.get(0).connections()).isCloseTo(200, within(2));
	}

	private static int[] count(ConnectionDistributor distributor, List<TestCandidate> candidates) {
		int[] counts = new int[candidates.size()];
		for (int i = 0; i < TIMES; i++) {
			counts[distributor.choose(candidates, TestCandidate.NOBODY)]++;
		}
		return counts;
	}

}
