package io.github.bootcluster.autoconfigure.role;

import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WorkerDefaults}.
 */
class WorkerDefaultsTests {

	private static final String QUIET_PERIOD = "spring.reactor.netty.shutdown-quiet-period";

	private final ConfigurableEnvironment environment = new StandardEnvironment();

	@Test
	void eventLoopsOfAWorkerEndAtOnce() {
		WorkerDefaults.addTo(this.environment);
		assertThat(this.environment.getProperty(QUIET_PERIOD)).isEqualTo("0s");
	}

	@Test
	void whatTheApplicationSetsWins() {
		this.environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment",
					Map.of("SPRING_REACTOR_NETTY_SHUTDOWNQUIETPERIOD", "3s")));
		ConfigurationPropertySources.attach(this.environment);
		WorkerDefaults.addTo(this.environment);
		assertThat(this.environment.getProperty(QUIET_PERIOD)).isEqualTo("3s");
		assertThat(this.environment.getPropertySources().contains(DefaultPropertiesPropertySource.NAME)).isFalse();
	}

	@Test
	void whatIsSetLaterWins() {
		WorkerDefaults.addTo(this.environment);
		this.environment.getPropertySources().addLast(new MapPropertySource("late", Map.of(QUIET_PERIOD, "1s")));
		DefaultPropertiesPropertySource.moveToEnd(this.environment);
		assertThat(this.environment.getProperty(QUIET_PERIOD)).isEqualTo("1s");
	}

	@Test
	void otherDefaultsOfTheApplicationStay() {
		DefaultPropertiesPropertySource.addOrMerge(Map.of("mine", "1"), this.environment.getPropertySources());
		WorkerDefaults.addTo(this.environment);
		assertThat(this.environment.getProperty("mine")).isEqualTo("1");
		assertThat(this.environment.getProperty(QUIET_PERIOD)).isEqualTo("0s");
	}

}
