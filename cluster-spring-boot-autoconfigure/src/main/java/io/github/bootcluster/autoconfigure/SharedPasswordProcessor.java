package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.worker.MasterConnection;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Gives all workers the same password where Boot would generate one in each of them, so
 * that every worker accepts the same login. Only the generated one is replaced: a
 * property of that name would bring about a user where an application has other ways to
 * log in.
 */
final class SharedPasswordProcessor implements BeanPostProcessor {

	private static final Log logger = LogFactory.getLog(SharedPasswordProcessor.class);

	private static final String BOOT = "org.springframework.boot.security.autoconfigure.";

	private static final String PROPERTIES = BOOT + "SecurityProperties";

	private final ObjectProvider<MasterConnection> master;

	private final ConfigurableListableBeanFactory beans;

	private boolean replaced;

	SharedPasswordProcessor(ObjectProvider<MasterConnection> master, ConfigurableListableBeanFactory beans) {
		this.master = master;
		this.beans = beans;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String name) {
		if (bean.getClass().getName().equals(PROPERTIES)) {
			share(new BeanWrapperImpl(bean));
		}
		else if (this.replaced && isUserOfBoot(name)) {
			tell();
		}
		return bean;
	}

	private void share(BeanWrapper properties) {
		if (Boolean.TRUE.equals(properties.getPropertyValue("user.passwordGenerated"))) {
			properties.setPropertyValue("user.password", this.master.getObject().sharedPassword());
			this.replaced = true;
		}
	}

	private boolean isUserOfBoot(String name) {
		if (!this.beans.containsBeanDefinition(name)) {
			return false;
		}
		String factory = this.beans.getBeanDefinition(name).getFactoryBeanName();
		return factory != null && factory.startsWith(BOOT) && factory.endsWith("UserDetailsServiceAutoConfiguration");
	}

	// Boot says nothing of a password that it has not generated itself

	private void tell() {
		MasterConnection connection = this.master.getObject();
		if (connection.identity().slot() == 1) {
			logger.warn(("Using generated security password: %s; it is the same in all workers until the master ends,"
					+ " and for development only: set 'spring.security.user.password'")
				.formatted(connection.sharedPassword()));
		}
	}

}
