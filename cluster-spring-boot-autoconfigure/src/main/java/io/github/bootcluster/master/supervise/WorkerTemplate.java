package io.github.bootcluster.master.supervise;

import java.util.Map;

import io.github.bootcluster.process.JvmCommand;

/**
 * What all workers are started with.
 *
 * @param command the command line
 * @param environment variables besides those of the master
 */
public record WorkerTemplate(JvmCommand command, Map<String, String> environment) {

	public WorkerTemplate {
		environment = Map.copyOf(environment);
	}

}
