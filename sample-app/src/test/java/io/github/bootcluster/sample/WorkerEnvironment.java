package io.github.bootcluster.sample;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The environment that a master has given to a worker.
 *
 * @param variables the variables
 */
record WorkerEnvironment(Map<String, String> variables) {

	static WorkerEnvironment of(long pid) throws IOException {
		Map<String, String> variables = new HashMap<>();
		for (String entry : ProcessProbe.environment(pid)) {
			String[] parts = entry.split("=", 2);
			variables.put(parts[0], parts[parts.length - 1]);
		}
		return new WorkerEnvironment(variables);
	}

	String get(String variable) {
		String value = this.variables.get(variable);
		if (value == null) {
			throw new AssertionError("No variable " + variable + " in " + this.variables.keySet());
		}
		return value;
	}

	Path controlSocket() {
		return Path.of(get("CLUSTER_CONTROL_SOCKET"));
	}

	Path socketDirectory() {
		return controlSocket().resolveSibling("");
	}

}
