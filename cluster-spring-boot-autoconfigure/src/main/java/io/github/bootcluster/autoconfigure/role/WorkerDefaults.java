package io.github.bootcluster.autoconfigure.role;

import java.util.Map;

import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Defaults of Spring Boot's own properties that differ in a worker. Any other property
 * source takes precedence.
 */
final class WorkerDefaults {

	/**
	 * Reactor Netty's event loops wait for that long, two seconds by default, whether
	 * something comes after all before they end. In a worker nothing does: its
	 * connections are drained by then, and a rolling restart would wait for each worker.
	 */
	private static final String QUIET_PERIOD = "spring.reactor.netty.shutdown-quiet-period";

	private WorkerDefaults() {
	}

	static void addTo(ConfigurableEnvironment environment) {
		if (!environment.containsProperty(QUIET_PERIOD)) {
			// Boot sees to it that these stay behind all other property sources
			DefaultPropertiesPropertySource.addOrMerge(Map.of(QUIET_PERIOD, "0s"), environment.getPropertySources());
		}
	}

}
