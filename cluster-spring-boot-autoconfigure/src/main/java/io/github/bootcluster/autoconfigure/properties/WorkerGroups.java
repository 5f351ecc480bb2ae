package io.github.bootcluster.autoconfigure.properties;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.master.supervise.WorkerGroup;

/**
 * The groups of workers, read from {@code cluster.groups}. Their order is that of their
 * names: properties may come from several sources, which have no order among them.
 */
final class WorkerGroups {

	private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9-]{0,31}");

	private static final Set<String> RESERVED = Set.of(ClusterWorker.DEFAULT_GROUP, WorkerGroup.DEFAULT_PREFIX);

	private static final int LAST_PORT = 0xFFFF;

	private WorkerGroups() {
	}

	static List<WorkerGroup> create(Map<String, ClusterProperties.Group> groups, int processors) {
		return new TreeMap<>(groups).entrySet()
			.stream()
			.map((entry) -> create(entry.getKey(), entry.getValue(), processors))
			.toList();
	}

	private static WorkerGroup create(String name, ClusterProperties.Group group, int processors) {
		if (!NAME.matcher(name).matches() || RESERVED.contains(name)) {
			throw new InvalidClusterPropertyException("cluster.groups", name,
					"names of up to 32 letters, digits and '-', other than 'default' and 'worker', which mean the "
							+ "workers of cluster.workers");
		}
		String prefix = "cluster.groups." + name;
		if (group.port() != null && (group.port() < 0 || group.port() > LAST_PORT)) {
			throw new InvalidClusterPropertyException(prefix + ".port", group.port(),
					"a whole number from 0 to " + LAST_PORT);
		}
		return new WorkerGroup(name, WorkerCount.parse(prefix + ".workers", group.workers(), 1, processors));
	}

}
