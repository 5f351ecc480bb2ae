package io.github.bootcluster;

import org.jspecify.annotations.Nullable;

/**
 * Parent of the exceptions that a cluster throws.
 */
public abstract class ClusterException extends RuntimeException {

	protected ClusterException(String message) {
		super(message);
	}

	protected ClusterException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
