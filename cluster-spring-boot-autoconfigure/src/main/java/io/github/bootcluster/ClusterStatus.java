package io.github.bootcluster;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The cluster as the master saw it at one moment.
 *
 * @param masterPid the master's process id
 * @param generation the newest generation that has proved itself
 * @param wanted the wanted number of workers of all groups
 * @param figures what the master has counted since it started
 * @param workers the workers, by id
 * @param slots the slots, by group and number, as many as workers are wanted
 * @param restart the running or else the last rolling restart, or {@code null}
 * @param generations what the generations that are needed were copied from, by number;
 * none if the application does not run from a JAR
 */
public record ClusterStatus(long masterPid, int generation, int wanted, ClusterFigures figures,
		List<ClusterWorker> workers, List<SlotStatus> slots, @Nullable RestartStatus restart,
		List<GenerationStatus> generations) {

	public ClusterStatus {
		workers = List.copyOf(workers);
		slots = List.copyOf(slots);
		generations = List.copyOf(generations);
	}

	/**
	 * Creates the status of a cluster whose application does not run from a JAR.
	 * @param masterPid the master's process id
	 * @param generation the newest generation that has proved itself
	 * @param wanted the wanted number of workers of all groups
	 * @param figures what the master has counted since it started
	 * @param workers the workers, by id
	 * @param slots the slots, by group and number
	 * @param restart the running or else the last rolling restart, or {@code null}
	 */
	public ClusterStatus(long masterPid, int generation, int wanted, ClusterFigures figures,
			List<ClusterWorker> workers, List<SlotStatus> slots, @Nullable RestartStatus restart) {
		this(masterPid, generation, wanted, figures, workers, slots, restart, List.of());
	}

}
