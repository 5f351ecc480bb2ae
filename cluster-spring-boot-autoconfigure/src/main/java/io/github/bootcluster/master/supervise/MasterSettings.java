package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.List;

import io.github.bootcluster.master.listen.DescriptorBudget;

/**
 * What the supervision goes by.
 *
 * @param workers the wanted number of workers of the default group
 * @param groups the further groups of workers, in the order in which they are started and
 * restarted
 * @param startTimeout how long a worker may take from its fork until it is ready
 * @param heartbeatTimeout how long an event loop of a worker may be blocked, zero for any
 * time
 * @param maxConnections how many connections a worker may have, 0 for any number
 * @param drainTimeout how long a draining worker may take
 * @param stopTimeout how long a worker may take to stop after that
 * @param respawn when a worker that died is forked again
 * @param restart how workers are replaced by a new generation
 * @param recycle when a worker that does well is replaced by one like it
 * @param descriptors how many workers the master can have at all
 */
public record MasterSettings(int workers, List<WorkerGroup> groups, Duration startTimeout, Duration heartbeatTimeout,
		int maxConnections, Duration drainTimeout, Duration stopTimeout, RespawnPolicy respawn, RestartPolicy restart,
		RecyclePolicy recycle, DescriptorBudget descriptors) {

	public MasterSettings {
		groups = List.copyOf(groups);
	}

	/**
	 * Returns how many workers are wanted.
	 */
	public int allWorkers() {
		return this.workers + this.groups.stream().mapToInt(WorkerGroup::workers).sum();
	}

}
