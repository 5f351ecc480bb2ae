package io.github.bootcluster.autoconfigure.properties;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

/**
 * The names of the properties that {@link ClusterProperties} is bound from.
 */
final class ClusterPropertyNames {

	static final String PREFIX = "cluster";

	private static final Map<String, Class<?>> TYPES = new LinkedHashMap<>();

	static {
		add(PREFIX, ClusterProperties.class);
	}

	private ClusterPropertyNames() {
	}

	private static void add(String prefix, Class<?> type) {
		for (RecordComponent component : type.getRecordComponents()) {
			String name = prefix + "." + DataObjectPropertyName.toDashedForm(component.getName());
			if (component.getType().isRecord()) {
				add(name, component.getType());
			}
			else {
				TYPES.put(name, component.getType());
			}
		}
	}

	static Map<String, Class<?>> types() {
		return TYPES;
	}

	static List<String> durations() {
		return TYPES.entrySet()
			.stream()
			.filter((entry) -> entry.getValue() == Duration.class)
			.map(Map.Entry::getKey)
			.toList();
	}

	static Map<String, Class<?>> ofGroup(String group) {
		Map<String, Class<?>> types = new LinkedHashMap<>();
		for (RecordComponent component : ClusterProperties.Group.class.getRecordComponents()) {
			types.put("%s.groups.%s.%s".formatted(PREFIX, group,
					DataObjectPropertyName.toDashedForm(component.getName())), component.getType());
		}
		return types;
	}

	/**
	 * Returns the elements that stand right below the prefix.
	 */
	static List<String> first() {
		List<String> first = new ArrayList<>();
		for (RecordComponent component : ClusterProperties.class.getRecordComponents()) {
			first.add(DataObjectPropertyName.toDashedForm(component.getName()));
		}
		return first;
	}

}
