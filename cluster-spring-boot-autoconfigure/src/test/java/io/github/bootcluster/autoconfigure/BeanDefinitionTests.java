package io.github.bootcluster.autoconfigure;

import java.util.Locale;
import java.util.Map;

import io.github.bootcluster.ClusterRole;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
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
		GenericReactiveWebApplicationContext context = new GenericReactiveWebApplicationContext();
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource(ClusterRole.PROPERTY_SOURCE_NAME,
					Map.of(ClusterRole.PROPERTY_NAME, role, "cluster.proxy-protocol", true,
							UnixSocketAddress.INTERNAL_PROPERTY, "/tmp/x", "management.endpoints.web.exposure.include",
							"cluster")));
		AnnotatedBeanDefinitionReader reader = new AnnotatedBeanDefinitionReader(context);
		ImportCandidates.load(AutoConfiguration.class, null)
			.getCandidates()
			.stream()
			.filter((name) -> name.startsWith(PACKAGE))
			.map((name) -> ClassUtils.resolveClassName(name, null))
			.forEach((type) -> reader.registerBean(type, type.getName()));
		assertQualifiedAndEager(context.getDefaultListableBeanFactory());
	}

	@Test
	void beansOfAMasterAreQualifiedAndEager() {
		DefaultListableBeanFactory beans = new DefaultListableBeanFactory();
		new AnnotatedBeanDefinitionReader(beans).registerBean(MasterConfiguration.class,
				MasterConfiguration.class.getName());
		assertQualifiedAndEager(beans);
	}

	private static void assertQualifiedAndEager(DefaultListableBeanFactory beans) {
		// The contexts are not refreshed: a worker's beans look for a master
		new ConfigurationClassPostProcessor().postProcessBeanDefinitionRegistry(beans);
		assertThat(beans.getBeanDefinitionNames()).contains("bootCluster", "bootClusterMessages")
			.filteredOn((name) -> name.toLowerCase(Locale.ROOT).contains("cluster"))
			.allMatch((name) -> name.startsWith("bootCluster") || name.contains(PACKAGE)
					|| name.equals("clusterHealthIndicator"));
		new LazyInitializationBeanFactoryPostProcessor().postProcessBeanFactory(beans);
		assertThat(beans.getBeanDefinitionNames()).filteredOn((name) -> name.startsWith("bootCluster"))
			.noneMatch((name) -> beans.getBeanDefinition(name).isLazyInit());
	}

}
