package io.github.bootcluster.process;

import java.util.Map;

/**
 * What a launcher is asked to start.
 *
 * @param name the name of the worker, which leads each line of its output
 * @param command the command line
 * @param environment variables that are added to the inherited ones, and win
 */
public record LaunchRequest(String name, JvmCommand command, Map<String, String> environment) {

	/**
	 * Creates a request.
	 */
	public LaunchRequest {
		environment = Map.copyOf(environment);
	}

}
