package io.github.bootcluster.apps.family;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.annotation.Configuration;

/**
 * Application whose beans lie in a parent context, and whose web server in its child.
 */
public final class HierarchyApplication {

	private HierarchyApplication() {
	}

	public static void main(String[] args) {
		new SpringApplicationBuilder(Parent.class).web(WebApplicationType.NONE)
			.child(FamilyApplication.class)
			.web(WebApplicationType.REACTIVE)
			.run(args);
	}

	/**
	 * What the parent context is made of.
	 */
	@Configuration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Parent {

	}

}
