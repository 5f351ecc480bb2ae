package io.github.bootcluster.autoconfigure;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.scheduling.annotation.ScheduledAnnotationBeanPostProcessor;
import org.springframework.scheduling.annotation.SchedulingConfiguration;
import org.springframework.scheduling.config.TaskManagementConfigUtils;

/**
 * Puts {@link SingletonSchedulingProcessor} in the place of Spring's own processor, if
 * the application has that.
 */
class SingletonSchedulingRegistrar implements BeanDefinitionRegistryPostProcessor {

	private static final Log logger = LogFactory.getLog(SingletonSchedulingRegistrar.class);

	private static final String NAME = TaskManagementConfigUtils.SCHEDULED_ANNOTATION_PROCESSOR_BEAN_NAME;

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		if (!registry.containsBeanDefinition(NAME)) {
			return;
		}
		if (isSpringsOwn(registry.getBeanDefinition(NAME))) {
			RootBeanDefinition definition = new RootBeanDefinition(SingletonSchedulingProcessor.class);
			definition.setRole(BeanDefinition.ROLE_INFRASTRUCTURE);
			registry.removeBeanDefinition(NAME);
			registry.registerBeanDefinition(NAME, definition);
		}
		else {
			logger.warn("@ClusterSingleton does not work for @Scheduled methods: the application has a "
					+ "ScheduledAnnotationBeanPostProcessor of its own");
		}
	}

	private static boolean isSpringsOwn(BeanDefinition definition) {
		return SchedulingConfiguration.class.getName().equals(definition.getFactoryBeanName())
				|| ScheduledAnnotationBeanPostProcessor.class.getName().equals(definition.getBeanClassName());
	}

}
