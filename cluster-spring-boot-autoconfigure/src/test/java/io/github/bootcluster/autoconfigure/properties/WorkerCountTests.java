package io.github.bootcluster.autoconfigure.properties;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises on what {@code cluster.workers} may be.
 */
class WorkerCountTests {

	@ParameterizedTest
	@CsvSource({ "0,0", "1,1", "1024,1024", "' 4 ',4", "+4,4", "auto,3", "AUTO,3" })
	void wholeNumberOrAutoIsTaken(String value, int count) {
		assertThat(WorkerCount.parse(value, 3)).isEqualTo(count);
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "1025", "2147483648", "99999999999999999999", "two", "1.5", "2x", "0x2", "", " ",
			"automatic", "-auto" })
	void anythingElseIsRefusedWithWhatIsAllowed(String value) {
		assertThatExceptionOfType(InvalidClusterPropertyException.class).isThrownBy(() -> WorkerCount.parse(value, 3))
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo("cluster.workers");
				assertThat(ex.getValue()).isEqualTo(value);
				assertThat(ex.getAllowed()).isEqualTo("a whole number from 0 to 1024, or 'auto'");
			});
	}

	@Test
	void autoStaysWithinTheLimitOnAHugeMachine() {
		assertThat(WorkerCount.parse("auto", 2000)).isEqualTo(1024);
	}

	@Test
	void moreThanFourPerProcessorAreNotSensible() {
		assertThat(WorkerCount.isSensible(8, 2)).isTrue();
		assertThat(WorkerCount.isSensible(9, 2)).isFalse();
	}

}
