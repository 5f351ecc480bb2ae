package io.github.bootcluster.autoconfigure;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.LazyInitializationExcludeFilter;

/**
 * Keeps the starter's own beans eager with {@code spring.main.lazy-initialization=true}:
 * many of them are injected nowhere, and would never be made.
 */
class EagerBeans implements LazyInitializationExcludeFilter {

	/**
	 * What the name of each bean of the starter begins with.
	 */
	private static final String PREFIX = "bootCluster";

	@Override
	public boolean isExcluded(String name, BeanDefinition definition, Class<?> type) {
		return name.startsWith(PREFIX);
	}

}
