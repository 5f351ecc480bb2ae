package io.github.bootcluster.autoconfigure;

import java.util.Locale;
import java.util.Map;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.autoconfigure.properties.UnixSocketAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.context.annotation.Configurations;
import org.springframework.boot.context.annotation.ImportCandidates;
import org.springframework.boot.web.context.reactive.GenericReactiveWebApplicationContext;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.ConfigurationClassPostProcessor;
import org.springframework.core.env.MapPropertySource;
import org.springframework.util.ClassUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on the starter's beans, in each role: none has a name that the application may
 * want, and none is left out by lazy initialization.
 */
class BeanDefinitionTests {

	private static final String PACKAGE = "io.github.bootcluster.";

	@ParameterizedTest
	@EnumSource(names = { "STANDALONE", "WORKER" })
	void beansOfAnApplicationAreQualifiedAndEager(ClusterRole role) {
		assertQualifiedAndEager(define(role));
	}

	@Test
	void partsOfAWorkerThatAreAlikeAreAllThere() {
		assertThat(define(ClusterRole.WORKER).getBeanDefinitionNames()).contains("bootClusterWorkerDrainLifecycle",
				"bootClusterLeadershipLifecycle", "bootClusterMessagesLifecycle");
	}

	/**
	 * Defines the beans, and creates none: a worker's look for a master.
	 */
	private static DefaultListableBeanFactory define(ClusterRole role) {
		GenericReactiveWebApplicationContext context = new GenericReactiveWebApplicationContext();
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource(ClusterRole.PROPERTY_SOURCE_NAME,
					Map.of(ClusterRole.PROPERTY_NAME, role, "cluster.proxy-protocol", true,
							UnixSocketAddress.INTERNAL_PROPERTY, "/tmp/x", "management.endpoints.web.exposure.include",
							"cluster")));
		AnnotatedBeanDefinitionReader reader = new AnnotatedBeanDefinitionReader(context);
		Class<?>[] own = ImportCandidates.load(AutoConfiguration.class, null)
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith(PACKAGE))
			.map((name) -> ClassUtils.resolveClassName(name, null))
			.toArray(Class<?>[]::new);
		for (Class<?> type : Configurations.getClasses(AutoConfigurations.of(own))) {
			reader.registerBean(type, type.getName());
		}
		ConfigurationClassPostProcessor processor = new ConfigurationClassPostProcessor();
		processor.setEnvironment(context.getEnvironment());
		processor.postProcessBeanDefinitionRegistry(context.getDefaultListableBeanFactory());
		return context.getDefaultListableBeanFactory();
	}

	@Test
	void beansOfAMasterAreQualifiedAndEager() {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		new AnnotatedBeanDefinitionReader(beans).registerBean(MasterConfiguration.class,
				MasterConfiguration.class.getName());
		new ConfigurationClassPostProcessor().postProcessBeanDefinitionRegistry(beans);
		assertQualifiedAndEager(beans);
	}

	private static void assertQualifiedAndEager(DefaultListableBeanFactory beans) {
		assertThat(beans.getBeanDefinitionNames()).contains("bootCluster", "bootClusterMessages")
			.filteredOn((name) -> name.toLowerCase(Locale.ROOT).contains("cluster"))
			.allMatch((name) -> name.startsWith("bootCluster") || name.contains(PACKAGE)
					|| name.equals("clusterHealthIndicator"));
		new LazyInitializationBeanFactoryPostProcessor().postProcessBeanFactory(beans);
		assertThat(beans.getBeanDefinitionNames()).filteredOn((name) -> name.startsWith("bootCluster"))
			.noneMatch((name) -> beans.getBeanDefinition(name).isLazyInit());
	}

}
