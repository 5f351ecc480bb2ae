package io.github.bootcluster.autoconfigure.properties;

import java.util.Map;

import io.github.bootcluster.wire.ForkEnvironment;
import io.github.bootcluster.wire.WorkerIdentity;

/**
 * Tells what is wrong with the environment variables that properties set for workers,
 * before a worker is forked that cannot have them.
 */
final class WorkerVariables {

	private WorkerVariables() {
	}

	/**
	 * Looks at the variables of all workers and of each group.
	 */
	static void check(ClusterProperties properties) {
		check("cluster.worker.env", properties.worker().env());
		properties.groups().forEach((name, group) -> check("cluster.groups." + name + ".env", group.env()));
	}

	private static void check(String property, Map<String, String> variables) {
		variables.forEach((name, value) -> {
			String variable = visible("%s[%s]".formatted(property, name));
			if (!ForkEnvironment.isName(name)) {
				throw new InvalidClusterPropertyException(variable, visible(value),
						"a variable whose name has a character, and neither '=' nor a null character");
			}
			if (!ForkEnvironment.isValue(value)) {
				throw new InvalidClusterPropertyException(variable, visible(value), "a value without null characters");
			}
			if (WorkerIdentity.isReserved(name)) {
				throw new InvalidClusterPropertyException(variable, visible(value),
						"another name, as the master itself sets all variables that begin with CLUSTER_WORKER_ or "
								+ "CLUSTER_CONTROL_");
			}
		});
	}

	private static String visible(String text) {
		return text.replace("\0", "\\0");
	}

}
