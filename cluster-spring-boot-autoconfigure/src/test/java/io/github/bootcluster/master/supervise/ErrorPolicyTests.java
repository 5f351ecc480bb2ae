package io.github.bootcluster.master.supervise;

import io.github.bootcluster.master.supervise.ErrorPolicy.Tally;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class ErrorPolicyTests {

	@ParameterizedTest
	@CsvSource({ "10, 2", "100, 11", "1000, 1000" })
	void manyErrorsWhereTheOldGenerationHasNoneCondemn(long requests, long errors) {
		assertThat(ErrorPolicy.hasTooManyErrors(new Tally(requests, errors), new Tally(1000, 0))).isTrue();
		assertThat(ErrorPolicy.hasTooManyErrors(new Tally(requests, errors), Tally.NONE)).isTrue();
	}

	@ParameterizedTest
	@CsvSource({ "0, 0", "9, 9", "10, 1", "100, 10", "1000, 0" })
	void fewRequestsOrFewErrorsDoNotCondemn(long requests, long errors) {
		assertThat(ErrorPolicy.hasTooManyErrors(new Tally(requests, errors), new Tally(1000, 0))).isFalse();
	}

	@Test
	void errorsThatTheOldGenerationMakesTooDoNotCondemn() {
		assertThat(ErrorPolicy.hasTooManyErrors(new Tally(100, 40), new Tally(100, 20))).isFalse();
		assertThat(ErrorPolicy.hasTooManyErrors(new Tally(100, 41), new Tally(100, 20))).isTrue();
		assertThat(ErrorPolicy.hasTooManyErrors(new Tally(100, 100), new Tally(100, 60))).isFalse();
	}

	@Test
	void talliesOfSeveralWorkersAddUp() {
		assertThat(new Tally(10, 1).plus(new Tally(5, 2))).isEqualTo(new Tally(15, 3));
	}

}
