package io.github.bootcluster.actuate;

import java.util.stream.Stream;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MutablePropertySources;

/**
 * The default exposure of the endpoint: where nothing is configured, {@code health} and
 * {@code cluster} are exposed, and {@code cluster} answers to the machine itself alone.
 * <p>
 * Who configures which endpoints are exposed, or the default access to them, has opted
 * for Actuator's own rules: nothing is exposed by default and nothing is guarded. Who
 * configures the access to this very endpoint keeps the exposure and lifts the guard. So
 * no setting made for the sake of other endpoints opens this one to strangers.
 */
public final class ClusterExposure {

	static final String INCLUDE = "management.endpoints.web.exposure.include";

	static final String ACCESS = "management.endpoint." + ClusterEndpoint.ID + ".access";

	private static final ConfigurationPropertyName ACCESS_NAME = ConfigurationPropertyName.of(ACCESS);

	private static final String DEFAULT_ACCESS = "management.endpoints.access.default";

	private static final ConfigurationPropertyName DEFAULT_ACCESS_NAME = ConfigurationPropertyName.of(DEFAULT_ACCESS);

	private static final ConfigurationPropertyName[] OWN_RULES = Stream
		.of(INCLUDE, "management.endpoints.web.exposure.exclude", DEFAULT_ACCESS)
		.map(ConfigurationPropertyName::of)
		.toArray(ConfigurationPropertyName[]::new);

	private ClusterExposure() {
	}

	/**
	 * Adds the default exposure to the environment of a worker, behind all other property
	 * sources. It makes no difference where Actuator is missing.
	 * @param environment the environment
	 */
	public static void addDefault(ConfigurableEnvironment environment) {
		MutablePropertySources all = environment.getPropertySources();
		all.addLast(new DefaultExposurePropertySource(all));
	}

	/**
	 * Tells whether the endpoint must be guarded because neither exposure nor access is
	 * configured.
	 * @param environment the environment
	 * @return whether nothing is configured
	 */
	public static boolean isUnconfigured(Environment environment) {
		return !(environment instanceof ConfigurableEnvironment configurable)
				|| (isExposedByDefault(configurable.getPropertySources())
						&& !isConfigured(configurable.getPropertySources(), ACCESS_NAME));
	}

	/**
	 * Tells whether operations that take the service down must be refused because nobody
	 * has configured the access to the endpoint.
	 * @param environment the environment
	 * @return whether the access is not configured
	 */
	public static boolean isAccessUnconfigured(Environment environment) {
		return !(environment instanceof ConfigurableEnvironment configurable)
				|| !isConfigured(configurable.getPropertySources(), ACCESS_NAME, DEFAULT_ACCESS_NAME);
	}

	static boolean isExposedByDefault(MutablePropertySources all) {
		return !isConfigured(all, OWN_RULES);
	}

	private static boolean isConfigured(MutablePropertySources all, ConfigurationPropertyName... names) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.from(all)) {
			if (source.getUnderlyingSource() instanceof DefaultExposurePropertySource) {
				continue;
			}
			for (ConfigurationPropertyName name : names) {
				if (source.getConfigurationProperty(name) != null
						|| source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT) {
					return true;
				}
			}
		}
		return false;
	}

}
