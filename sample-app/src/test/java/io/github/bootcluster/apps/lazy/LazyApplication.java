package io.github.bootcluster.apps.lazy;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.event.WorkerReadyEvent;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Application whose beans are made when they are needed, one of which is named
 * {@code cluster}, and some of which are for one role only.
 */
@SpringBootApplication(proxyBeanMethods = false)
public class LazyApplication {

	public static void main(String[] args) {
		SpringApplication application = new SpringApplication(LazyApplication.class);
		application.setLazyInitialization(true);
		application.run(args);
	}

	@Bean
	HealthIndicator disk() {
		return () -> Files.exists(Path.of("disk-full")) ? Health.down().build() : Health.up().build();
	}

	/**
	 * Beans by the role that they are for.
	 */
	@Configuration(proxyBeanMethods = false)
	@InEachRole
	static class ByRole {

		@Bean
		@ConditionalOnClusterRole(ClusterRole.MASTER)
		ApplicationListener<WorkerReadyEvent> onlyInTheMaster() {
			return (event) -> System.out.println("The master heard of slot " + event.getWorker().slot());
		}

		@Bean
		@ConditionalOnClusterRole(ClusterRole.WORKER)
		String onlyInAWorker() {
			return "";
		}

		@Bean
		@ConditionalOnClusterRole(ClusterRole.STANDALONE)
		String onlyStandalone() {
			return "";
		}

	}

	/**
	 * Annotation of the application's own.
	 */
	@Retention(RetentionPolicy.RUNTIME)
	@ConditionalOnClusterRole({ ClusterRole.MASTER, ClusterRole.WORKER, ClusterRole.STANDALONE })
	@interface InEachRole {

	}

	@RestController
	static class Controller {

		private final Cluster cluster;

		private final ApplicationContext context;

		Controller(Cluster cluster, ApplicationContext context) {
			this.cluster = cluster;
			this.context = context;
		}

		@GetMapping("/")
		Map<String, Object> view() {
			List<String> only = Arrays.stream(this.context.getBeanDefinitionNames())
				.filter((name) -> name.startsWith("only"))
				.toList();
			return Map.of("pid", ProcessHandle.current().pid(), "nodes", this.cluster.nodes(), "only", only);
		}

	}

}
