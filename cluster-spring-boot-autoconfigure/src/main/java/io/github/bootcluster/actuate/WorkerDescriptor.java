package io.github.bootcluster.actuate;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.WorkerState;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Body that describes a worker.
 *
 * @param id the number of the fork
 * @param slot the place that a replacement inherits
 * @param pid the process id
 * @param state the state
 * @param generation the generation of the application that the worker runs
 * @param uptime the time since the process was started
 * @param forkedAt when the process was started
 */
record WorkerDescriptor(int id, int slot, long pid, WorkerState state, int generation, Duration uptime,
		Instant forkedAt) implements OperationResponseBody {

	static WorkerDescriptor of(ClusterWorker worker, Instant now) {
		Duration uptime = Duration.between(worker.forkedAt(), now).truncatedTo(ChronoUnit.MILLIS);
		return new WorkerDescriptor(worker.id(), worker.slot(), worker.pid(), worker.state(), worker.generation(),
				uptime, worker.forkedAt());
	}

}
