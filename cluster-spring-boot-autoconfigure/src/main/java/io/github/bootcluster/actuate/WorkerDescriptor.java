package io.github.bootcluster.actuate;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.WorkerResources;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.WorkerVitals;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Body that describes a worker.
 *
 * @param id the number of the fork
 * @param group the group of workers that it is one of
 * @param slot the place that a replacement inherits
 * @param pid the process id
 * @param state the state
 * @param generation the generation of the application that the worker runs
 * @param uptime the time since the process was started
 * @param forkedAt when the process was started
 * @param connections how many connections it has open, or {@code null} if it has not told
 * @param requests how many requests it has answered, or {@code null}
 * @param errors how many of them with a status of 5xx, or {@code null}
 * @param loopLag how long the slowest of its event loops took to answer, or {@code null}
 * @param cpuLoad the share of its processors that it used since its previous report, from
 * 0 to 1, or {@code null}
 * @param memory its resident memory in bytes, or {@code null} if that is not known
 * @param resources what it has of the host, or {@code null} until it is ready
 */
record WorkerDescriptor(int id, String group, int slot, long pid, WorkerState state, int generation, Duration uptime,
		Instant forkedAt, @Nullable Integer connections, @Nullable Long requests, @Nullable Long errors,
		@Nullable Duration loopLag, @Nullable Double cpuLoad, @Nullable Long memory,
		@Nullable WorkerResources resources) implements OperationResponseBody {

	static WorkerDescriptor of(ClusterWorker worker, Instant now) {
		Duration uptime = Duration.between(worker.forkedAt(), now).truncatedTo(ChronoUnit.MILLIS);
		WorkerVitals vitals = worker.vitals();
		return new WorkerDescriptor(worker.id(), worker.group(), worker.slot(), worker.pid(), worker.state(),
				worker.generation(), uptime, worker.forkedAt(), (vitals != null) ? vitals.connections() : null,
				(vitals != null) ? vitals.requests() : null, (vitals != null) ? vitals.errors() : null,
				(vitals != null) ? vitals.loopLag() : null, (vitals != null) ? vitals.cpuLoad() : null, worker.memory(),
				worker.resources());
	}

}
