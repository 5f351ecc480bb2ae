package io.github.bootcluster.eventful;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.context.annotation.Bean;

/**
 * Application whose beans take part in the cluster.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class EventfulApplication {

	public static void main(String[] args) {
		SpringApplication.run(EventfulApplication.class, args);
	}

	/**
	 * Fails when the application is up already, but not yet ready.
	 * @return the runner
	 */
	@Bean
	@ConditionalOnBooleanProperty("eventful.fail-on-run")
	ApplicationRunner failingRunner() {
		return (arguments) -> {
			throw new IllegalStateException("The run fails because eventful.fail-on-run is set");
		};
	}

}
