package io.github.bootcluster.autoconfigure.role;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on which of several runs in a process is the application's own.
 */
class ApplicationRunTests {

	private static final List<ApplicationRun> RUNS = new ArrayList<>();

	private final ApplicationListener<ApplicationEnvironmentPreparedEvent> recorder = (event) -> RUNS
		.add(ApplicationRun.current());

	@Test
	void childOfABeanIsNested() {
		RUNS.clear();
		SpringApplication application = new SpringApplication(Outer.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.addListeners(this.recorder);
		try (ConfigurableApplicationContext context = application.run()) {
			assertThat(RUNS).containsExactly(ApplicationRun.MAIN, ApplicationRun.NESTED);
		}
	}

	@Test
	void parentOfAHierarchyComesBeforeTheApplication() {
		RUNS.clear();
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Inner.class)
			.web(WebApplicationType.NONE)
			.listeners(this.recorder)
			.child(Inner.class)
			.web(WebApplicationType.NONE)
			.listeners(this.recorder)
			.run()) {
			assertThat(RUNS).containsExactly(ApplicationRun.PARENT, ApplicationRun.MAIN);
		}
	}

	@Test
	void applicationsOneAfterAnotherAreEachTheirOwn() {
		RUNS.clear();
		for (int i = 0; i < 2; i++) {
			new SpringApplicationBuilder(Inner.class).web(WebApplicationType.NONE)
				.listeners(this.recorder)
				.run()
				.close();
		}
		assertThat(RUNS).containsExactly(ApplicationRun.MAIN, ApplicationRun.MAIN);
	}

	@Configuration(proxyBeanMethods = false)
	static class Inner {

	}

	@Configuration(proxyBeanMethods = false)
	static class Outer {

		@Bean
		SmartLifecycle child() {
			return new SmartLifecycle() {

				private boolean running;

				@Override
				public void start() {
					this.running = true;
					new SpringApplicationBuilder(Inner.class).web(WebApplicationType.NONE)
						.listeners((ApplicationListener<ApplicationEnvironmentPreparedEvent>) (event) -> RUNS
							.add(ApplicationRun.current()))
						.run()
						.close();
				}

				@Override
				public void stop() {
					this.running = false;
				}

				@Override
				public boolean isRunning() {
					return this.running;
				}

			};
		}

	}

}
