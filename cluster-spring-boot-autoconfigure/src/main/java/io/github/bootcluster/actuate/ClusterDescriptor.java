package io.github.bootcluster.actuate;

import java.time.Instant;
import java.util.List;

import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.GenerationStatus;
import io.github.bootcluster.SlotStatus;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Body that describes the cluster.
 *
 * @param master the master
 * @param generation the newest generation that has proved itself
 * @param wanted the wanted number of workers of all groups
 * @param moved how many idle connections have moved from one worker to another
 * @param workers the workers, by id
 * @param slots the slots, by group and number
 * @param restart the running or else the last rolling restart, or {@code null}
 * @param generations the JARs that the generations were copied from, by number
 */
record ClusterDescriptor(Master master, int generation, int wanted, long moved, List<WorkerDescriptor> workers,
		List<SlotStatus> slots, @Nullable RestartDescriptor restart,
		List<GenerationStatus> generations) implements OperationResponseBody {

	static ClusterDescriptor of(ClusterStatus status, Instant now) {
		return new ClusterDescriptor(new Master(status.masterPid()), status.generation(), status.wanted(),
				status.figures().connections().moved(),
				status.workers().stream().map((worker) -> WorkerDescriptor.of(worker, now)).toList(), status.slots(),
				(status.restart() != null) ? RestartDescriptor.of(status.restart()) : null, status.generations());
	}

	/**
	 * Part that describes the master.
	 *
	 * @param pid the process id
	 */
	record Master(long pid) {

	}

}
