package io.github.bootcluster;

import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;

/**
 * Role of a process. It is decided once, before any application context exists.
 */
public enum ClusterRole {

	/**
	 * The process is not part of a cluster; the starter changes nothing in it.
	 */
	STANDALONE,

	/**
	 * The process supervises workers and owns the listening sockets. It runs no bean of
	 * the application but those that ask for this role.
	 */
	MASTER,

	/**
	 * The process was forked by a master and runs the whole application.
	 */
	WORKER;

	/**
	 * Name of the property source that makes a role other than {@link #STANDALONE} known
	 * to an {@link Environment}. No property that a user sets can stand in for it.
	 */
	public static final String PROPERTY_SOURCE_NAME = "clusterRole";

	/**
	 * Property of that source which holds the role's name.
	 */
	public static final String PROPERTY_NAME = "cluster.role";

	/**
	 * Tells the role of the process that an environment belongs to.
	 * @param environment the environment of an application context
	 * @return the role, {@link #STANDALONE} where none was decided
	 */
	public static ClusterRole of(Environment environment) {
		if (environment instanceof ConfigurableEnvironment configurable) {
			PropertySource<?> source = configurable.getPropertySources().get(PROPERTY_SOURCE_NAME);
			if (source != null && source.getProperty(PROPERTY_NAME) instanceof ClusterRole role) {
				return role;
			}
		}
		return STANDALONE;
	}

}
