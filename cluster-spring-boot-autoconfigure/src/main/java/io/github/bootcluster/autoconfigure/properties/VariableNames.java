package io.github.bootcluster.autoconfigure.properties;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Environment variables of workers under the names that were meant. Spring takes
 * {@code CLUSTER_WORKER_ENV_MALLOC_ARENA_MAX} for a property that ends in
 * {@code malloc.arena.max}.
 */
final class VariableNames {

	private final Environment environment;

	VariableNames(Environment environment) {
		this.environment = environment;
	}

	Map<String, String> of(String property, Map<String, String> bound) {
		Map<String, String> variables = new HashMap<>(bound);
		if (this.environment instanceof ConfigurableEnvironment configurable) {
			String prefix = property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT) + "_";
			for (PropertySource<?> source : configurable.getPropertySources()) {
				if (source instanceof SystemEnvironmentPropertySource system) {
					rename(system, property, prefix, variables);
				}
			}
		}
		return variables;
	}

	private void rename(SystemEnvironmentPropertySource system, String property, String prefix,
			Map<String, String> variables) {
		for (String name : system.getPropertyNames()) {
			if (name.startsWith(prefix) && name.length() > prefix.length()) {
				String meant = name.substring(prefix.length());
				String key = meant.toLowerCase(Locale.ROOT).replace('_', '.');
				String value = variables.remove(key);
				if (value != null && !isOverruled(system, property + "." + meant)) {
					variables.put(meant, value);
				}
			}
		}
	}

	/**
	 * Tells whether a source before the system's environment sets a variable.
	 */
	private boolean isOverruled(SystemEnvironmentPropertySource system, String property) {
		ConfigurationPropertyName name = ConfigurationPropertyName.adapt(property, '.');
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			if (source.getUnderlyingSource() == system) {
				return false;
			}
			if (source.getConfigurationProperty(name) != null) {
				return true;
			}
		}
		return false;
	}

}
