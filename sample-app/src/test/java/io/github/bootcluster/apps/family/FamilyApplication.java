package io.github.bootcluster.apps.family;

import java.util.Map;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Application with a bootstrap context, and with a child context that is ready before the
 * application itself is.
 */
@SpringBootApplication(proxyBeanMethods = false)
@RestController
public class FamilyApplication {

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(FamilyApplication.class);
		application.addListeners(new BootstrapListener());
		application.run(args);
	}

	@GetMapping("/")
	Map<String, Object> pid(@Value("${cluster.worker.slot}") String slot) {
		return Map.of("pid", ProcessHandle.current().pid(), "slot", slot);
	}

	@Bean
	SmartLifecycle childStarter(ConfigurableApplicationContext context,
			@Value("${family.failing:false}") boolean failing) {
		return new ChildStarter(context, failing);
	}

	/**
	 * What a child context is made of.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Child {

	}

	private static final class ChildStarter implements SmartLifecycle {

		private final ConfigurableApplicationContext context;

		private final boolean failing;

		private volatile boolean running;

		ChildStarter(ConfigurableApplicationContext context, boolean failing) {
			this.context = context;
			this.failing = failing;
		}

		@Override
		public void start() {
			this.running = true;
			new SpringApplicationBuilder(Child.class).parent(this.context).web(WebApplicationType.NONE).run();
			System.out.println("The child is ready");
			if (this.failing) {
				throw new IllegalStateException("The application fails behind its child");
			}
		}

		@Override
		public void stop() {
			this.running = false;
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

		@Override
		public int getPhase() {
			return 0;
		}

	}

}
