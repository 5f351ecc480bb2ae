package io.github.bootcluster.process;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when the command line of this process cannot be told, so that no worker can be
 * forked that runs the same program.
 */
public final class JvmCommandException extends RuntimeException {

	JvmCommandException(String reason) {
		this(reason, null);
	}

	JvmCommandException(String reason, @Nullable Throwable cause) {
		super("Cannot tell how this JVM was started: " + reason, cause);
	}

}
