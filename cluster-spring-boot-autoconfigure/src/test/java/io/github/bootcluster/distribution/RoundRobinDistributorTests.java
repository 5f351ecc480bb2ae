package io.github.bootcluster.distribution;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RoundRobinDistributorTests {

	private final ConnectionDistributor distributor = DistributionStrategy.ROUND_ROBIN.newDistributor();

	@Test
	void eachWorkerGetsAConnectionInTurn() {
		assertThat(choose(7, 1, 2, 3)).containsExactly(1, 2, 3, 1, 2, 3, 1);
	}

	@Test
	void onlyWorkerGetsAllConnections() {
		assertThat(choose(3, 4)).containsExactly(4, 4, 4);
	}

	@Test
	void allWorkersGetTheSameNumberOfConnections() {
		List<Integer> chosen = choose(4000, 1, 2, 5, 8);
		assertThat(List.of(1, 2, 5, 8))
			.allSatisfy((slot) -> assertThat(Collections.frequency(chosen, slot)).isEqualTo(1000));
	}

	@Test
	void turnGoesOnWhereItWasWhenAWorkerLeaves() {
		assertThat(choose(2, 1, 2, 3, 4)).containsExactly(1, 2);
		assertThat(choose(3, 1, 3, 4)).containsExactly(3, 4, 1);
	}

	@Test
	void turnGoesOnWhereItWasWhenTheWorkerWhoseTurnItWasLeaves() {
		assertThat(choose(2, 1, 2, 3)).containsExactly(1, 2);
		assertThat(choose(2, 1, 2)).containsExactly(1, 2);
	}

	@Test
	void newWorkerWaitsForItsTurnOnly() {
		assertThat(choose(3, 1, 3)).containsExactly(1, 3, 1);
		assertThat(choose(3, 1, 2, 3)).containsExactly(2, 3, 1);
	}

	@Test
	void workersThatAreFullForAMomentArePassedOver() {
		List<Integer> chosen = new ArrayList<>();
		chosen.addAll(choose(1, 2, 3));
		chosen.addAll(choose(1, 1));
		chosen.addAll(choose(1, 1, 2, 3));
		chosen.addAll(choose(1, 1, 2, 3));
		assertThat(chosen).containsExactly(2, 1, 2, 3);
	}

	@Test
	void workersThatShareASlotForAWhileGetTheSameNumberOfConnections() {
		List<TestCandidate> candidates = List.of(new TestCandidate(1, 1), new TestCandidate(2, 2),
				new TestCandidate(2, 5));
		assertThat(IntStream.range(0, 7)
			.mapToObj((i) -> candidates.get(this.distributor.choose(candidates, TestCandidate.NOBODY)).worker())
			.toList()).containsExactly(1, 2, 5, 1, 2, 5, 1);
	}

	@Test
	void workerThatLagsLosesItsTurnUntilItHasCaughtUp() {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2, 3);
		candidates.get(1).lag(true);
		assertThat(choose(candidates, 4)).containsExactly(1, 3, 1, 3);
		candidates.get(1).lag(false);
		assertThat(choose(candidates, 3)).containsExactly(1, 2, 3);
	}

	@Test
	void workersThatAllLagTakeTurns() {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2);
		candidates.forEach((candidate) -> candidate.lag(true));
		assertThat(choose(candidates, 3)).containsExactly(1, 2, 1);
	}

	@Test
	void eachListenerHasATurnOfItsOwn() {
		choose(1, 1, 2);
		assertThat(DistributionStrategy.ROUND_ROBIN.newDistributor()
			.choose(TestCandidate.inSlots(1, 2), TestCandidate.NOBODY)).isZero();
		assertThat(choose(1, 1, 2)).containsExactly(2);
	}

	private List<Integer> choose(int times, int... slots) {
		return choose(TestCandidate.inSlots(slots), times);
	}

	private List<Integer> choose(List<TestCandidate> candidates, int times) {
		return IntStream.range(0, times)
			.mapToObj((i) -> candidates.get(this.distributor.choose(candidates, TestCandidate.NOBODY)).slot())
			.toList();
	}

}
