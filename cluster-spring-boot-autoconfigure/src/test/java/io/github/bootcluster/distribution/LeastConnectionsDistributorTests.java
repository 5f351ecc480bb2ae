package io.github.bootcluster.distribution;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LeastConnectionsDistributorTests {

	private final ConnectionDistributor distributor = DistributionStrategy.LEAST_CONNECTIONS.newDistributor();

	@Test
	void workerWithTheFewestGetsTheConnection() {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2, 3);
		open(candidates.get(0), 2);
		open(candidates.get(2), 5);
		assertThat(choose(candidates, 3)).containsExactly(2, 2, 1);
		assertThat(candidates).extracting(TestCandidate::connections).containsExactly(3, 2, 5);
	}

	@Test
	void neverABusierWorkerWhileALessBusyOneIsThere() {
		Random random = new Random(4);
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2, 3, 4, 5);
		for (int i = 0; i < 10_000; i++) {
			int fewest = candidates.stream().mapToInt(TestCandidate::connections).min().orElseThrow();
			TestCandidate chosen = candidates.get(this.distributor.choose(candidates, TestCandidate.NOBODY));
			assertThat(chosen.connections()).isEqualTo(fewest);
			chosen.open();
			TestCandidate ending = candidates.get(random.nextInt(candidates.size()));
			if (ending.connections() > 0 && random.nextBoolean()) {
				ending.close();
			}
		}
	}

	@Test
	void idleWorkersTakeTurns() {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2, 4);
		List<Integer> chosen = new ArrayList<>();
		for (int i = 0; i < 7; i++) {
			chosen.add(candidates.get(this.distributor.choose(candidates, TestCandidate.NOBODY)).slot());
		}
		assertThat(chosen).containsExactly(1, 2, 4, 1, 2, 4, 1);
	}

	@Test
	void onlyThoseThatHaveTheFewestTakeTurns() {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2, 3, 4);
		open(candidates.get(1), 1);
		List<Integer> chosen = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			chosen.add(candidates.get(this.distributor.choose(candidates, TestCandidate.NOBODY)).slot());
		}
		assertThat(chosen).containsExactly(1, 3, 4, 1);
	}

	@Test
	void ofThoseThatHaveTheFewestOneWithProcessorTimeLeftComesFirst() {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2, 3);
		candidates.get(0).work(0.95);
		candidates.get(1).work(0.85);
		assertThat(choose(candidates, 3)).containsExactly(2, 3, 1);
		candidates.forEach((candidate) -> candidate.work(1));
		assertThat(choose(candidates, 3)).containsExactly(2, 3, 1);
	}

	@Test
	void workerThatLagsGetsNothingHoweverFewItHasUntilAllDo() {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2);
		candidates.get(0).lag(true);
		assertThat(choose(candidates, 3)).containsExactly(2, 2, 2);
		candidates.get(1).lag(true);
		assertThat(choose(candidates, 3)).containsExactly(1, 1, 1);
	}

	@Test
	void workersWithoutAnEndOfConnectionsGetTheSameNumber() {
		List<TestCandidate> candidates = TestCandidate.inSlots(1, 2, 3);
		choose(candidates, 3000);
		assertThat(candidates).allSatisfy((candidate) -> assertThat(candidate.connections()).isEqualTo(1000));
	}

	private List<Integer> choose(List<TestCandidate> candidates, int times) {
		List<Integer> chosen = new ArrayList<>();
		for (int i = 0; i < times; i++) {
			TestCandidate candidate = candidates.get(this.distributor.choose(candidates, TestCandidate.NOBODY));
			candidate.open();
			chosen.add(candidate.slot());
		}
		return chosen;
	}

	private static void open(TestCandidate candidate, int times) {
		for (int i = 0; i < times; i++) {
			candidate.open();
		}
	}

}
