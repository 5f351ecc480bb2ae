package io.github.bootcluster.autoconfigure;

import java.time.Duration;

import io.github.bootcluster.distribution.ConnectionDistributor;
import io.github.bootcluster.distribution.DistributionStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.support.GenericApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

@ExtendWith(OutputCaptureExtension.class)
class MasterDistributorCheckTests {

	@Test
	void distributorInAWorkerIsPointedOut(CapturedOutput output) {
		check(true);
		assertThat(output).contains("ConnectionDistributor [mine] is a bean of a worker and distributes nothing: "
				+ "annotate its class with @ConditionalOnClusterRole(MASTER)");
	}

	@Test
	void withoutOneNothingIsSaid(CapturedOutput output) {
		check(false);
		assertThat(output).doesNotContain("ConnectionDistributor");
	}

	private static void check(boolean distributor) {
		try (GenericApplicationContext context = new GenericApplicationContext()) {
			if (distributor) {
				context.registerBean("mine", ConnectionDistributor.class, DistributionStrategy.RANDOM::newDistributor);
			}
			context.refresh();
			new MasterDistributorCheck().onApplicationEvent(
					new ApplicationStartedEvent(new SpringApplication(), new String[0], context, Duration.ZERO));
		}
	}

}
