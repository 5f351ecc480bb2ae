package io.github.bootcluster.autoconfigure;

import java.util.LinkedHashSet;
import java.util.Set;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.autoconfigure.role.EarlyEnd;
import io.github.bootcluster.autoconfigure.role.RoleProperties;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.context.event.ApplicationPreparedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotatedBeanDefinitionReader;
import org.springframework.context.annotation.ClassPathBeanDefinitionScanner;
import org.springframework.core.type.AnnotationMetadata;
import org.springframework.stereotype.Component;
import org.springframework.util.ClassUtils;

/**
 * Empties the master's context of the application's beans before it is refreshed, and
 * fills it with the master's own and those that ask for the role.
 */
class MasterContextListener implements ApplicationListener<ApplicationPreparedEvent> {

	@Override
	public void onApplicationEvent(ApplicationPreparedEvent event) {
		ConfigurableApplicationContext context = event.getApplicationContext();
		if (ClusterRole.of(context.getEnvironment()) == ClusterRole.MASTER
				&& RoleProperties.isMain(context.getEnvironment())
				&& context.getBeanFactory() instanceof BeanDefinitionRegistry registry) {
			EarlyEnd.check();
			removeApplicationBeans(registry);
			new AnnotatedBeanDefinitionReader(registry, context.getEnvironment())
				.registerBean(MasterConfiguration.class, MasterConfiguration.class.getName());
			scan(registry, context, event.getSpringApplication());
		}
	}

	private void removeApplicationBeans(BeanDefinitionRegistry registry) {
		for (String name : registry.getBeanDefinitionNames()) {
			if (registry.getBeanDefinition(name).getRole() != BeanDefinition.ROLE_INFRASTRUCTURE
					&& !isSpringsOwn(registry.getBeanDefinition(name))) {
				registry.removeBeanDefinition(name);
			}
		}
	}

	private boolean isSpringsOwn(BeanDefinition definition) {
		String className = definition.getBeanClassName();
		return className != null && className.startsWith("org.springframework.");
	}

	private void scan(BeanDefinitionRegistry registry, ConfigurableApplicationContext context,
			SpringApplication application) {
		ClassPathBeanDefinitionScanner scanner = new ClassPathBeanDefinitionScanner(registry, false,
				context.getEnvironment(), context);
		scanner.addIncludeFilter((reader, factory) -> {
			AnnotationMetadata metadata = reader.getAnnotationMetadata();
			return metadata.isAnnotated(ConditionalOnClusterRole.class.getName())
					&& metadata.isAnnotated(Component.class.getName());
		});
		Set<String> packages = new LinkedHashSet<>();
		for (Object source : application.getAllSources()) {
			if (source instanceof Class<?> type) {
				packages.add(ClassUtils.getPackageName(type));
			}
		}
		if (!packages.isEmpty()) {
			scanner.scan(packages.toArray(String[]::new));
		}
	}

}
