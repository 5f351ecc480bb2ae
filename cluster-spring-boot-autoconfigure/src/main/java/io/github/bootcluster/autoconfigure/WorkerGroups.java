package io.github.bootcluster.autoconfigure;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

/**
 * What is configured of groups of workers.
 */
final class WorkerGroups {

	private WorkerGroups() {
	}

	/**
	 * Tells whether there are further groups than that of all workers.
	 */
	static boolean areConfigured(Environment environment) {
		return Binder.get(environment).bind("cluster.groups", Bindable.mapOf(String.class, Object.class)).isBound();
	}

}
