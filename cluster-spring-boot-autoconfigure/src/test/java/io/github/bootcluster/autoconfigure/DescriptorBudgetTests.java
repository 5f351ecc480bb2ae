package io.github.bootcluster.autoconfigure;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Promises on a limit of open files that is too low for the wanted workers.
 */
class DescriptorBudgetTests {

	@Test
	void usualLimitSufficesForNinetySixWorkers() {
		assertThatNoException().isThrownBy(() -> DescriptorBudget.check(96, 1024));
	}

	@Test
	void tooLowLimitIsRefusedWithWhatWouldSuffice() {
		assertThatExceptionOfType(TooFewDescriptorsException.class).isThrownBy(() -> DescriptorBudget.check(97, 1024))
			.satisfies((ex) -> {
				assertThat(ex.getWorkers()).isEqualTo(97);
				assertThat(ex.getLimit()).isEqualTo(1024);
				assertThat(ex.getNeeded()).isEqualTo(1032);
				assertThatNoException().isThrownBy(() -> DescriptorBudget.check(97, ex.getNeeded()));
			});
	}

	@Test
	void limitOfThisProcessIsKnown() {
		assertThatNoException().isThrownBy(() -> DescriptorBudget.check(1));
		assertThatExceptionOfType(TooFewDescriptorsException.class)
			.isThrownBy(() -> DescriptorBudget.check(Integer.MAX_VALUE))
			.satisfies((ex) -> assertThat(ex.getLimit()).isPositive());
	}

}
