package io.github.bootcluster.autoconfigure;

import java.util.List;

import io.github.bootcluster.autoconfigure.properties.ClusterProperties;
import io.github.bootcluster.distribution.ConnectionDistributor;
import io.github.bootcluster.distribution.DistributionStrategy;
import io.github.bootcluster.master.listen.DistributionSettings;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on who chooses the workers.
 */
class MasterDistributionConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(Properties.class, MasterDistributionConfiguration.class);

	@Test
	void byDefaultWorkersTakeTurns() {
		this.runner.run((context) -> {
			DistributionSettings settings = context.getBean(DistributionSettings.class);
			assertThat(settings.distributors().get()).hasSameClassAs(DistributionStrategy.ROUND_ROBIN.newDistributor())
				.isNotSameAs(settings.distributors().get());
		});
	}

	@ParameterizedTest
	@CsvSource({ "round-robin, ROUND_ROBIN", "least-connections, LEAST_CONNECTIONS", "ip-hash, IP_HASH",
			"random, RANDOM" })
	void propertyNamesTheStrategy(String value, DistributionStrategy strategy) {
		this.runner.withPropertyValues("cluster.distribution=" + value).run((context) -> {
			DistributionSettings settings = context.getBean(DistributionSettings.class);
			assertThat(settings.distributors().get()).hasSameClassAs(strategy.newDistributor());
		});
	}

	@Test
	void beanGoesBeforeThePropertyAndServesAllListeners() {
		this.runner.withBean(ConnectionDistributor.class, FirstWorker::new)
			.withPropertyValues("cluster.distribution=random")
			.run((context) -> {
				DistributionSettings settings = context.getBean(DistributionSettings.class);
				assertThat(settings.distributors().get()).isSameAs(context.getBean(ConnectionDistributor.class))
					.isSameAs(settings.distributors().get());
			});
	}

	@Test
	void eachListenerHasItsOwnOfABeanOfPrototypeScope() {
		this.runner
			.withBean(ConnectionDistributor.class, FirstWorker::new,
					(definition) -> definition.setScope(BeanDefinition.SCOPE_PROTOTYPE))
			.run((context) -> {
				DistributionSettings settings = context.getBean(DistributionSettings.class);
				assertThat(settings.distributors().get()).isInstanceOf(FirstWorker.class)
					.isNotSameAs(settings.distributors().get());
			});
	}

	@ParameterizedTest
	@CsvSource({ "round-robin, false", "least-connections, false", "ip-hash, true", "random, false" })
	void masterReadsProxyHeadersOnlyIfTheDistributorNeedsTheClient(String strategy, boolean expected) {
		this.runner.withPropertyValues("cluster.distribution=" + strategy, "cluster.proxy-protocol=true")
			.run((context) -> assertThat(context.getBean(DistributionSettings.class).proxyHeaders())
				.isEqualTo(expected));
		this.runner.withPropertyValues("cluster.distribution=" + strategy)
			.run((context) -> assertThat(context.getBean(DistributionSettings.class).proxyHeaders()).isFalse());
		this.runner.withPropertyValues("cluster.distribution=" + strategy, "cluster.proxy-protocol=true")
			.withBean(ConnectionDistributor.class, FirstWorker::new)
			.run((context) -> assertThat(context.getBean(DistributionSettings.class).proxyHeaders()).isTrue());
	}

	@Test
	void severalBeansEndTheStart() {
		this.runner.withBean("one", ConnectionDistributor.class, FirstWorker::new)
			.withBean("other", ConnectionDistributor.class, FirstWorker::new)
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.rootCause()
				.isInstanceOf(NoUniqueBeanDefinitionException.class)
				.hasMessageContaining("one,other"));
		this.runner.withBean("one", ConnectionDistributor.class, FirstWorker::new)
			.withBean("other", ConnectionDistributor.class, FirstWorker::new,
					(definition) -> definition.setPrimary(true))
			.run((context) -> assertThat(context.getBean(DistributionSettings.class).distributors().get())
				.isSameAs(context.getBean("other")));
	}

	@EnableConfigurationProperties(ClusterProperties.class)
	static class Properties {

	}

	private static final class FirstWorker implements ConnectionDistributor {

		@Override
		public int choose(List<? extends Candidate> candidates, Connection connection) {
			return 0;
		}

	}

}
