package io.github.bootcluster.master.supervise;

import java.util.Map;

import io.github.bootcluster.process.HostResources;
import io.github.bootcluster.process.JvmCommand;
import io.github.bootcluster.process.ResourceDivision;
import org.jspecify.annotations.Nullable;

/**
 * What all workers are started with.
 *
 * @param command the command line
 * @param environment variables besides those of the master
 * @param division divides the host among the workers, or {@code null} to give each all of
 * it
 */
public record WorkerTemplate(JvmCommand command, Map<String, String> environment, @Nullable ResourceDivision division) {

	public WorkerTemplate {
		environment = Map.copyOf(environment);
	}

	/**
	 * Returns the command line for one of several workers.
	 * @param variables those that this worker alone has
	 * @param workers the wanted number of workers of all groups
	 */
	public JvmCommand command(Map<String, String> variables, HostResources host, int workers) {
		return (this.division != null)
				? this.command.with(this.division.besides(variables).share(host, workers).toJvmArguments())
				: this.command;
	}

}
