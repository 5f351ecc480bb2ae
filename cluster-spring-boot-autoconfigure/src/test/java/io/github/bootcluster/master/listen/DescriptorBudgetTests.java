package io.github.bootcluster.master.listen;

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
		assertThatNoException().isThrownBy(() -> new DescriptorBudget(1024).check(96));
	}

	@Test
	void tooLowLimitIsRefusedWithWhatWouldSuffice() {
		assertThatExceptionOfType(TooFewDescriptorsException.class)
			.isThrownBy(() -> new DescriptorBudget(1024).check(97))
			.satisfies((ex) -> {
				assertThat(ex.getWorkers()).isEqualTo(97);
				assertThat(ex.getLimit()).isEqualTo(1024);
				assertThat(ex.getNeeded()).isEqualTo(1032);
				assertThatNoException().isThrownBy(() -> new DescriptorBudget(ex.getNeeded()).check(97));
			});
	}

	@Test
	void limitOfThisProcessIsKnown() {
		assertThatNoException().isThrownBy(() -> DescriptorBudget.ofThisProcess().check(1));
		assertThatExceptionOfType(TooFewDescriptorsException.class)
			.isThrownBy(() -> DescriptorBudget.ofThisProcess().check(Integer.MAX_VALUE))
			.satisfies((ex) -> assertThat(ex.getLimit()).isPositive());
	}

}
