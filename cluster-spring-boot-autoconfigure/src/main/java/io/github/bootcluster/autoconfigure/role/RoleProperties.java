package io.github.bootcluster.autoconfigure.role;

import java.util.HashMap;
import java.util.Map;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.wire.WorkerIdentity;

import org.springframework.boot.env.DefaultPropertiesPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;

/**
 * Properties by which an environment knows the role of its process.
 */
public final class RoleProperties {

	private static final String MAIN = "bootcluster.main-application";

	private static final String UNCLUSTERED = "1";

	private static final String MASTER = "master";

	private RoleProperties() {
	}

	/**
	 * Adds a role and what it sets, which nobody can set otherwise.
	 */
	static void add(ConfigurableEnvironment environment, RoleDecision decision, Map<String, Object> properties) {
		Map<String, Object> all = new HashMap<>(properties);
		all.put(ClusterRole.PROPERTY_NAME, decision.role());
		all.put(MAIN, decision.main());
		environment.getPropertySources().addFirst(new MapPropertySource(ClusterRole.PROPERTY_SOURCE_NAME, all));
	}

	/**
	 * Tells whether the cluster is about the application that an environment belongs to,
	 * and not about another one of the process.
	 */
	public static boolean isMain(Environment environment) {
		PropertySource<?> source = (environment instanceof ConfigurableEnvironment configurable)
				? configurable.getPropertySources().get(ClusterRole.PROPERTY_SOURCE_NAME) : null;
		return source != null && Boolean.TRUE.equals(source.getProperty(MAIN));
	}

	static Map<String, Object> ofWorker(WorkerIdentity identity) {
		return Map.of("cluster.worker.id", identity.id(), "cluster.worker.slot", identity.slot(),
				"cluster.worker.group", identity.group(), "cluster.worker.generation", identity.generation());
	}

	/**
	 * Adds properties that only a worker has otherwise: settings with placeholders for
	 * them, such as a log file for each worker, hold in every process.
	 */
	static void addMasterDefaults(ConfigurableEnvironment environment) {
		addDefaults(environment, Map.of("cluster.worker.id", MASTER, "cluster.worker.slot", MASTER,
				"cluster.worker.group", MASTER, "cluster.worker.generation", MASTER));
	}

	static void addUnclusteredDefaults(ConfigurableEnvironment environment) {
		addDefaults(environment, Map.of("cluster.worker.id", UNCLUSTERED, "cluster.worker.slot", UNCLUSTERED,
				"cluster.worker.group", ClusterWorker.DEFAULT_GROUP, "cluster.worker.generation", UNCLUSTERED));
	}

	static void addDefaults(ConfigurableEnvironment environment, Map<String, Object> properties) {
		Map<String, Object> missing = new HashMap<>(properties);
		missing.keySet().removeIf(environment::containsProperty);
		DefaultPropertiesPropertySource.addOrMerge(missing, environment.getPropertySources());
	}

}
