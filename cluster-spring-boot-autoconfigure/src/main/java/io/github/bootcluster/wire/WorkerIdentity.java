package io.github.bootcluster.wire;

import java.nio.file.Path;
import java.util.Map;

import io.github.bootcluster.ClusterWorker;

/**
 * What a master tells a worker by its environment.
 *
 * @param id the worker's id
 * @param group the worker's group
 * @param slot the worker's slot in its group
 * @param generation the generation that the worker runs
 * @param control the master's control socket
 */
public record WorkerIdentity(int id, String group, int slot, int generation, Path control) {

	/**
	 * Environment variable that makes a process a worker, like Node's
	 * {@code NODE_UNIQUE_ID}.
	 */
	public static final String ID = "CLUSTER_WORKER_ID";

	private static final String GROUP = "CLUSTER_WORKER_GROUP";

	/**
	 * Environment variable that holds the worker's slot.
	 */
	public static final String SLOT = "CLUSTER_WORKER_SLOT";

	/**
	 * Environment variable that holds the generation that the worker runs.
	 */
	public static final String GENERATION = "CLUSTER_WORKER_GENERATION";

	/**
	 * Environment variable that holds the path of the master's control socket.
	 */
	public static final String CONTROL = "CLUSTER_CONTROL_SOCKET";

	/**
	 * Environment variable that holds the master's process id.
	 */
	public static final String MASTER = "CLUSTER_WORKER_MASTER";

	/**
	 * System property that a master gives a worker's command line. What a worker starts
	 * inherits its environment, but not this.
	 */
	public static final String MARK = "cluster.worker.slot";

	static final String PREFIX = "CLUSTER_WORKER_";

	static final String CONTROL_PREFIX = "CLUSTER_CONTROL_";

	/**
	 * Tells whether an environment variable is the master's to set.
	 */
	public static boolean isReserved(String variable) {
		return variable.startsWith(PREFIX) || variable.startsWith(CONTROL_PREFIX);
	}

	/**
	 * Returns the identity as environment variables, with this process as the master.
	 */
	public Map<String, String> toEnvironment() {
		return Map.of(ID, String.valueOf(this.id), GROUP, this.group, SLOT, String.valueOf(this.slot), GENERATION,
				String.valueOf(this.generation), CONTROL, this.control.toString(), MASTER,
				String.valueOf(ProcessHandle.current().pid()));
	}

	/**
	 * Reads the identity from environment variables.
	 * @throws NoMasterException if the variables were not set by a master
	 */
	public static WorkerIdentity from(Map<String, String> environment) {
		String control = required(environment, CONTROL);
		return new WorkerIdentity(number(environment, ID), environment.getOrDefault(GROUP, ClusterWorker.DEFAULT_GROUP),
				number(environment, SLOT), number(environment, GENERATION), Path.of(control));
	}

	private static String required(Map<String, String> environment, String variable) {
		String value = environment.get(variable);
		if (value == null || value.isBlank()) {
			throw new NoMasterException(environment.get(ID),
					"the variable %s is %s".formatted(variable, (value != null) ? "empty" : "missing"));
		}
		return value;
	}

	private static int number(Map<String, String> environment, String variable) {
		String value = required(environment, variable);
		try {
			return Integer.parseInt(value);
		}
		catch (NumberFormatException ex) {
			throw new NoMasterException(environment.get(ID), "%s is '%s' and not a number".formatted(variable, value));
		}
	}

}
