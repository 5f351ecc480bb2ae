package io.github.bootcluster.sample;

import io.github.bootcluster.ClusterRole;
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
		long pid = ProcessHandle.current().pid();
		return (ClusterRole.of(environment) == ClusterRole.WORKER)
				? new ProcessIdentity(pid, environment.getProperty("cluster.worker.id", Integer.class),
						environment.getProperty("cluster.worker.slot", Integer.class),
						environment.getProperty("cluster.worker.generation", Integer.class))
				: new ProcessIdentity(pid, null, null, null);
	}

}
