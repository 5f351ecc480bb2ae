package io.github.bootcluster.sample;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * The process that answers.
 *
 * @param pid the process id
 * @param worker the worker's id, {@code null} if the process is not clustered
 * @param slot the worker's slot, {@code null} if the process is not clustered
 * @param generation the worker's generation, {@code null} if the process is not clustered
 */
record ProcessIdentity(long pid, @Nullable Integer worker, @Nullable Integer slot, @Nullable Integer generation) {

	static ProcessIdentity of(Environment environment) {
		return new ProcessIdentity(ProcessHandle.current().pid(),
				environment.getProperty("cluster.worker.id", Integer.class),
				environment.getProperty("cluster.worker.slot", Integer.class),
				environment.getProperty("cluster.worker.generation", Integer.class));
	}

}
