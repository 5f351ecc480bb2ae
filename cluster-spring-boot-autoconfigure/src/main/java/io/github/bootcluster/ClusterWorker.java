package io.github.bootcluster;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A worker as the master saw it at one moment.
 *
 * @param id the number of the fork, which is never used again
 * @param group the group of workers that it is one of, {@value #DEFAULT_GROUP} if it has
 * no name
 * @param slot the place from 1 to the wanted number of workers of its group, inherited by
 * a worker's replacement; fit for per-worker ports, files and shards
 * @param pid the process id
 * @param state the state
 * @param generation the generation of the application that the worker runs; every rolling
 * restart begins a new one
 * @param forkedAt when the process was started
 * @param readyAt when it became ready, or {@code null} if it never was
 * @param vitals what it last told of itself, or {@code null} if it has not yet
 * @param memory how many bytes of memory it had resident when it last did, or
 * {@code null} where that cannot be told
 * @param resources what it has of the host, or {@code null} until it is ready
 */
public record ClusterWorker(int id, String group, int slot, long pid, WorkerState state, int generation,
		Instant forkedAt, @Nullable Instant readyAt, @Nullable WorkerVitals vitals, @Nullable Long memory,
		@Nullable WorkerResources resources) {

	/**
	 * Group of the workers that {@code cluster.workers} asks for.
	 */
	public static final String DEFAULT_GROUP = "default";

}
