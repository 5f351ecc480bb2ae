package io.github.bootcluster.actuate;

import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;
import org.springframework.boot.actuate.logging.LoggersEndpoint;
import org.springframework.boot.logging.LogLevel;

/**
 * Lets {@link LoggersEndpoint} set levels in all workers, whichever is asked.
 */
@EndpointWebExtension(endpoint = LoggersEndpoint.class)
public class LoggersExtension {

	private final LoggersEndpoint worker;

	private final BiConsumer<String, @Nullable String> cluster;

	/**
	 * Creates an extension.
	 * @param worker sets levels in this worker
	 * @param cluster sets levels, or resets them with {@code null}, in all workers
	 */
	public LoggersExtension(LoggersEndpoint worker, BiConsumer<String, @Nullable String> cluster) {
		this.worker = worker;
		this.cluster = cluster;
	}

	/**
	 * Sets a level in all workers, and in those that are forked later.
	 * @param name the name of a logger, or of a group of loggers
	 * @param configuredLevel the level, or {@code null} to reset it
	 * @throws InvalidEndpointRequestException if the name is too long
	 */
	@WriteOperation
	public void configureLogLevel(@Selector String name, @Nullable LogLevel configuredLevel) {
		this.worker.configureLogLevel(name, configuredLevel);
		try {
			this.cluster.accept(name, (configuredLevel != null) ? configuredLevel.name() : null);
		}
		catch (IllegalArgumentException ex) {
			throw new InvalidEndpointRequestException(String.valueOf(ex.getMessage()), "Name is too long", ex);
		}
	}

}
