package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ExitKind;
import io.github.bootcluster.SlotStatus;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class SlotTests {

	private static final long SECOND = Duration.ofSeconds(1).toNanos();

	private final RespawnPolicy policy = new RespawnPolicy(Duration.ofSeconds(1), 2, Duration.ofSeconds(30),
			Duration.ofSeconds(30), 3, true);

	private final Slot slot = new Slot(ClusterWorker.DEFAULT_GROUP, 2, 1, Map.of(), () -> 3);

	@Test
	void newSlotMayBeFilledAtOnce() {
		assertThat(this.slot.mayFork(0)).isTrue();
		assertThat(this.slot.number()).isEqualTo(2);
		assertThat(this.slot.generation()).isEqualTo(1);
	}

	@Test
	void slotWaitsAfterAnEarlyDeath() {
		assertThat(this.slot.vacated(true, this.policy, 5 * SECOND)).contains(Duration.ofSeconds(1));
		assertThat(this.slot.mayFork(6 * SECOND - 1)).isFalse();
		assertThat(this.slot.mayFork(6 * SECOND)).isTrue();
	}

	@Test
	void slotDoesNotWaitAfterADeathThatWasNotEarly() {
		this.slot.vacated(true, this.policy, 0);
		assertThat(this.slot.vacated(false, this.policy, 100 * SECOND)).contains(Duration.ZERO);
		assertThat(this.slot.mayFork(100 * SECOND)).isTrue();
		assertThat(this.slot.earlyDeaths()).isZero();
	}

	@Test
	void slotIsGivenUpForAsLongAsItTakes() {
		this.slot.vacated(true, this.policy, 0);
		this.slot.vacated(true, this.policy, 0);
		assertThat(this.slot.vacated(true, this.policy, 0)).isEmpty();
		assertThat(this.slot.isSuppressed()).isTrue();
		assertThat(this.slot.mayFork(Long.MAX_VALUE)).isFalse();
	}

	@Test
	void newGenerationBeginsAfresh() {
		slotIsGivenUpForAsLongAsItTakes();
		this.slot.occupied(2);
		assertThat(this.slot.generation()).isEqualTo(2);
		assertThat(this.slot.isSuppressed()).isFalse();
		assertThat(this.slot.earlyDeaths()).isZero();
		assertThat(this.slot.vacated(true, this.policy, 0)).contains(Duration.ofSeconds(1));
	}

	@Test
	void readinessAloneDoesNotForgetEarlyDeaths() {
		this.slot.vacated(true, this.policy, 0);
		this.slot.occupied(1);
		assertThat(this.slot.vacated(true, this.policy, 0)).contains(Duration.ofSeconds(2));
	}

	@Test
	void workerThatServedLongEnoughBeforeItLeftEndsTheRow() {
		this.slot.vacated(true, this.policy, 0);
		this.slot.healthy();
		assertThat(this.slot.vacated(true, this.policy, 0)).contains(Duration.ofSeconds(1));
	}

	@Test
	void slotThatServesWaitsEverLongerAndIsNotGivenUp() {
		assertThat(this.slot.missed(this.policy, 0)).isEqualTo(Duration.ofSeconds(1));
		assertThat(this.slot.missed(this.policy, 0)).isEqualTo(Duration.ofSeconds(2));
		assertThat(this.slot.missed(this.policy, 0)).isEqualTo(Duration.ofSeconds(30));
		assertThat(this.slot.isSuppressed()).isFalse();
		assertThat(this.slot.mayFork(30 * SECOND - 1)).isFalse();
		assertThat(this.slot.mayFork(30 * SECOND)).isTrue();
	}

	@Test
	void statusTellsOfTheLastExit() {
		SlotStatus.LastExit exit = new SlotStatus.LastExit(7, ExitKind.SIGNAL, false, "was ended", null, Instant.EPOCH);
		this.slot.vacated(true, this.policy, 0);
		this.slot.exited(exit);
		assertThat(this.slot.status()).isEqualTo(new SlotStatus(ClusterWorker.DEFAULT_GROUP, 2, false, 1, exit));
	}

}
