package io.github.bootcluster.worker;

import io.github.bootcluster.wire.Frame;

/**
 * Knows whether the application is healthy.
 */
@FunctionalInterface
public interface HealthSource {

	/**
	 * Looks how the application is. It may take its time: no event loop waits for it.
	 */
	Frame.Health check();

}
