package io.github.bootcluster.master.supervise;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RespawnPolicyTests {

	private final RespawnPolicy policy = new RespawnPolicy(Duration.ofSeconds(1), 1.5, Duration.ofSeconds(30),
			Duration.ofSeconds(30), 10, true);

	@Test
	void workerThatDidNotDieEarlyIsForkedAtOnce() {
		assertThat(this.policy.delay(0)).contains(Duration.ZERO);
	}

	@Test
	void eachEarlyDeathMultipliesTheDelay() {
		assertThat(this.policy.delay(1)).contains(Duration.ofMillis(1000));
		assertThat(this.policy.delay(2)).contains(Duration.ofMillis(1500));
		assertThat(this.policy.delay(3)).contains(Duration.ofMillis(2250));
	}

	@Test
	void delayHasALimit() {
		assertThat(this.policy.delay(9))
			.hasValueSatisfying((delay) -> assertThat(delay).isLessThan(Duration.ofSeconds(30)));
		RespawnPolicy patient = new RespawnPolicy(Duration.ofSeconds(1), 10, Duration.ofSeconds(30), Duration.ZERO,
				Integer.MAX_VALUE, true);
		assertThat(patient.delay(3)).contains(Duration.ofSeconds(30));
		assertThat(patient.delay(1_000_000)).contains(Duration.ofSeconds(30));
	}

	@Test
	void initialDelayIsLimitedToo() {
		RespawnPolicy slow = new RespawnPolicy(Duration.ofMinutes(2), 1, Duration.ofSeconds(30), Duration.ZERO, 10,
				true);
		assertThat(slow.delay(1)).contains(Duration.ofSeconds(30));
	}

	@Test
	void afterTheLastAttemptItGivesUp() {
		assertThat(this.policy.delay(9)).isPresent();
		assertThat(this.policy.delay(10)).isEmpty();
		assertThat(this.policy.delay(11)).isEmpty();
	}

}
