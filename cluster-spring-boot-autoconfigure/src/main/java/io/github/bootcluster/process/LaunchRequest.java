package io.github.bootcluster.process;

import java.nio.file.Path;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * What a launcher is asked to start.
 *
 * @param name the name of the worker, which leads each line of its output
 * @param command the command line
 * @param environment variables that are added to the inherited ones, and win
 * @param directory the working directory, which exists, or {@code null} for that of this
 * process
 */
public record LaunchRequest(String name, JvmCommand command, Map<String, String> environment,
		@Nullable Path directory) {

	/**
	 * Creates a request.
	 */
	public LaunchRequest {
		environment = Map.copyOf(environment);
	}

	/**
	 * Creates a request for a process in the working directory of this one.
	 */
	public LaunchRequest(String name, JvmCommand command, Map<String, String> environment) {
		this(name, command, environment, null);
	}

}
