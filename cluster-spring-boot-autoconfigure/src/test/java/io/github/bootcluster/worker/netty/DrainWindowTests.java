package io.github.bootcluster.worker.netty;

import java.time.Duration;
import java.util.stream.IntStream;

import io.netty.channel.DefaultChannelId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DrainWindow}.
 */
class DrainWindowTests {

	@ParameterizedTest
	@CsvSource({ "PT30S, PT1S, PT10S", "PT15S, PT1S, PT5S", "PT1H, PT1S, PT10S", "PT1.5S, PT0.5S, PT0.5S",
			"PT0.003S, PT0.001S, PT0.001S" })
	void windowIsTheFirstThirdOfTheTimeButNotTooLong(Duration timeout, Duration grace, Duration length) {
		assertThat(DrainWindow.of(timeout)).isEqualTo(new DrainWindow(grace, length));
	}

	@Test
	void everyMomentLiesInTheWindow() {
		DrainWindow window = DrainWindow.of(Duration.ofSeconds(30));
		for (int hash : new int[] { 0, 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, 0xFFFF, 0xFFFF0000 }) {
			assertThat(Duration.ofNanos(window.dueAfter(hash))).isBetween(window.grace(), window.length());
		}
	}

	@Test
	void connectionsAreSpreadEvenly() {
		DrainWindow window = DrainWindow.of(Duration.ofSeconds(30));
		long[] perSecond = new long[11];
		IntStream.range(0, 10_000)
			.map((i) -> DefaultChannelId.newInstance().hashCode())
			.forEach((hash) -> perSecond[(int) Duration.ofNanos(window.dueAfter(hash)).toSeconds()]++);
		for (int second = 1; second < 10; second++) {
			assertThat(perSecond[second]).as("second %d", second).isBetween(500L, 2000L);
		}
	}

}
