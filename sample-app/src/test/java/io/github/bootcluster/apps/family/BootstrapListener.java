package io.github.bootcluster.apps.family;

import java.util.Map;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

/**
 * Runs an application of its own before the environment of the actual one has read its
 * files, as Spring Cloud does.
 */
class BootstrapListener implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	@Override
	public int getOrder() {
		return Ordered.HIGHEST_PRECEDENCE + 5;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		if (event.getEnvironment().getPropertySources().contains("bootstrap")) {
			return;
		}
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources()
			.addFirst(new MapPropertySource("bootstrap", Map.of("spring.config.name", "bootstrap",
					"spring.main.web-application-type", "none", "spring.main.banner-mode", "off")));
		new SpringApplicationBuilder(Bootstrap.class).environment(environment)
			.web(WebApplicationType.NONE)
			.logStartupInfo(false)
			.run()
			.close();
		System.out.println("The bootstrap context has done its work");
	}

	@Configuration(proxyBeanMethods = false)
	static class Bootstrap {

	}

}
