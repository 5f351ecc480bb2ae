package io.github.bootcluster.autoconfigure.properties;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterRole;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.SystemEnvironmentOrigin;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Looks for names below {@code cluster} that nothing is bound from. What is certainly
 * meant for the cluster ends the start; a prefix that may be the application's own, or an
 * environment variable that may be another system's, is worth a line.
 */
public final class UnknownProperties {

	private static final Log logger = LogFactory.getLog(UnknownProperties.class);

	private static final ConfigurationPropertyName PREFIX = ConfigurationPropertyName.of(ClusterPropertyNames.PREFIX);

	private static final ConfigurationPropertyName ENABLED = ConfigurationPropertyName.of("cluster.enabled");

	private static final ConfigurationPropertyName GROUPS = PREFIX.append("groups");

	/**
	 * What a worker finds in its environment, for which an application may have values of
	 * its own where it is not clustered.
	 */
	private static final Set<ConfigurationPropertyName> GIVEN = Set.of(
			ConfigurationPropertyName.of(ClusterRole.PROPERTY_NAME), PREFIX.append("worker.group"),
			PREFIX.append("worker.id"), PREFIX.append("worker.slot"), PREFIX.append("worker.generation"));

	private static final int NEAR = 2;

	private static final int SIMILAR = 4;

	private final List<UnknownPropertiesException.Unknown> wrong = new ArrayList<>();

	private final Map<String, String> dubious = new LinkedHashMap<>();

	private boolean used;

	private UnknownProperties() {
	}

	/**
	 * Looks through all sources that can be listed.
	 */
	public static UnknownProperties find(ConfigurableEnvironment environment) {
		UnknownProperties found = new UnknownProperties();
		for (ConfigurationPropertySource source : ConfigurationPropertySources.from(environment.getPropertySources())) {
			if (source instanceof IterableConfigurationPropertySource iterable && !isOwn(source)) {
				found.check(iterable, source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource);
			}
		}
		if (!found.used) {
			found.doubt();
		}
		return found;
	}

	/**
	 * Leaves names to an application that sets no property of the cluster, but for those
	 * that are as good as one.
	 */
	private void doubt() {
		for (UnknownPropertiesException.Unknown unknown : List.copyOf(this.wrong)) {
			if (unknown.nearest() == null) {
				this.wrong.remove(unknown);
				this.dubious.putIfAbsent(unknown.name(), doubt(unknown.name(), unknown.origin()));
			}
		}
	}

	private static String doubt(String name, String origin) {
		return "Nothing reads the property '%s'%s unless it is the application's own; the cluster knows no such property"
			.formatted(name, origin);
	}

	public boolean isEmpty() {
		return this.wrong.isEmpty() && this.dubious.isEmpty();
	}

	public void report() {
		report(logger);
	}

	/**
	 * Tells of names, where there may be no log yet.
	 */
	public void report(Log log) {
		this.dubious.values().forEach(log::warn);
		if (!this.wrong.isEmpty()) {
			throw new UnknownPropertiesException(this.wrong);
		}
	}

	private static boolean isOwn(ConfigurationPropertySource source) {
		return source.getUnderlyingSource() instanceof PropertySource<?> properties
				&& properties.getName().equals(ClusterRole.PROPERTY_SOURCE_NAME);
	}

	private void check(IterableConfigurationPropertySource source, boolean variables) {
		Set<ConfigurationPropertyName> seen = new HashSet<>();
		source.stream().filter(PREFIX::isAncestorOf).filter(seen::add).forEach((name) -> {
			if (variables) {
				checkVariable(source, name);
			}
			else if (isKnown(name)) {
				this.used |= !name.equals(ENABLED) && !GIVEN.contains(name);
			}
			else if (!isEmptySection(source, name)) {
				report(source, name);
			}
		});
	}

	/**
	 * Tells whether a name stands for several that are all left out, as a key of YAML
	 * without a value does.
	 */
	private static boolean isEmptySection(ConfigurationPropertySource source, ConfigurationPropertyName name) {
		ConfigurationProperty property = source.getConfigurationProperty(name);
		return property != null && property.getValue().toString().isEmpty()
				&& candidates(name).keySet().stream().map(ConfigurationPropertyName::of).anyMatch(name::isAncestorOf);
	}

	private static boolean isKnown(ConfigurationPropertyName name) {
		return GIVEN.contains(name) || candidates(name).entrySet().stream().anyMatch((known) -> {
			ConfigurationPropertyName its = ConfigurationPropertyName.of(known.getKey());
			return its.equals(name) || (holdsMore(known.getValue()) && its.isAncestorOf(name));
		});
	}

	private static boolean holdsMore(Class<?> type) {
		return Map.class.isAssignableFrom(type) || List.class.isAssignableFrom(type);
	}

	private static Map<String, Class<?>> candidates(ConfigurationPropertyName name) {
		Map<String, Class<?>> all = new LinkedHashMap<>(ClusterPropertyNames.types());
		if (GROUPS.isAncestorOf(name)) {
			String groups = GROUPS.toString();
			all.remove(groups);
			String group = name.getElement(GROUPS.getNumberOfElements(), ConfigurationPropertyName.Form.DASHED);
			if (ConfigurationPropertyName.isValid(groups + "." + group)) {
				all.putAll(ClusterPropertyNames.ofGroup(group));
			}
			else {
				// Refused elsewhere, with what names are allowed
				all.put(groups, Map.class);
			}
		}
		return all;
	}

	private void report(ConfigurationPropertySource source, ConfigurationPropertyName name) {
		String first = name.getElement(1, ConfigurationPropertyName.Form.DASHED);
		Optional<String> nearest = nearest(name.toString(), candidates(name).keySet().stream(), SIMILAR);
		String origin = origin(source, name);
		boolean own = ClusterPropertyNames.first()
			.stream()
			.noneMatch((known) -> distance(known, first) <= Math.min(NEAR, first.length() / 3));
		if (own) {
			this.dubious.putIfAbsent(first, doubt(name.toString(), origin));
		}
		else {
			this.wrong.add(new UnknownPropertiesException.Unknown(name.toString(), origin, nearest.orElse(null)));
		}
	}

	/**
	 * Looks at an environment variable, whose name does not tell dots from underscores.
	 * Other systems set such that begin with CLUSTER, too.
	 */
	private void checkVariable(ConfigurationPropertySource source, ConfigurationPropertyName name) {
		String flat = flat(name.toString());
		boolean known = GIVEN.stream().anyMatch((given) -> flat(given.toString()).equals(flat))
				|| ClusterPropertyNames.types().entrySet().stream().anyMatch((entry) -> {
					String its = flat(entry.getKey());
					return flat.equals(its) || (holdsMore(entry.getValue()) && flat.startsWith(its));
				});
		if (!known) {
			ClusterPropertyNames.types()
				.keySet()
				.stream()
				.filter((each) -> distance(flat(each), flat) <= NEAR)
				.min(Comparator.comparingInt((each) -> distance(flat(each), flat)))
				.ifPresent((each) -> this.dubious.putIfAbsent(flat,
						"Nothing reads the environment variable %s; %s would be read as '%s'"
							.formatted(variable(source, name), variable(each), each)));
		}
	}

	private static String flat(String name) {
		return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
	}

	private static String variable(String property) {
		return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
	}

	private static String variable(ConfigurationPropertySource source, ConfigurationPropertyName name) {
		ConfigurationProperty property = source.getConfigurationProperty(name);
		return (property != null && property.getOrigin() instanceof SystemEnvironmentOrigin origin)
				? origin.getProperty() : variable(name.toString());
	}

	private static String origin(ConfigurationPropertySource source, ConfigurationPropertyName name) {
		ConfigurationProperty property = source.getConfigurationProperty(name);
		return (property != null && property.getOrigin() != null) ? " (%s)".formatted(property.getOrigin()) : "";
	}

	private static Optional<String> nearest(String name, Stream<String> known, int most) {
		return known.filter((each) -> distance(each, name) <= most)
			.min(Comparator.comparingInt((each) -> distance(each, name)));
	}

	/**
	 * Counts the characters to insert, delete or replace that make one word of another,
	 * after Levenshtein.
	 */
	static int distance(String one, String other) {
		int[] previous = new int[other.length() + 1];
		for (int j = 0; j <= other.length(); j++) {
			previous[j] = j;
		}
		for (int i = 1; i <= one.length(); i++) {
			int[] current = new int[other.length() + 1];
			current[0] = i;
			for (int j = 1; j <= other.length(); j++) {
				int replaced = previous[j - 1] + ((one.charAt(i - 1) != other.charAt(j - 1)) ? 1 : 0);
				current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
			}
			previous = current;
		}
		return previous[other.length()];
	}

}
