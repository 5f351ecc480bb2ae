package io.github.bootcluster.master.supervise;

import io.github.bootcluster.ClusterWorker;

/**
 * Kind of workers with a name, besides the default one.
 *
 * @param name the name
 * @param workers the wanted number of workers
 */
public record WorkerGroup(String name, int workers) {

	/**
	 * What leads the name of a worker of the default group.
	 */
	public static final String DEFAULT_PREFIX = "worker";

	/**
	 * Returns the name of whichever worker is in a slot, which leads the lines of its
	 * output.
	 */
	public static String workerName(String group, int slot) {
		return (group.equals(ClusterWorker.DEFAULT_GROUP) ? DEFAULT_PREFIX : group) + "-" + slot;
	}

}
