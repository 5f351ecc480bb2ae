package io.github.bootcluster.process;

import java.util.function.IntConsumer;

/**
 * How a worker is started.
 *
 * @param command the command line
 * @param ended is told the exit code
 */
public record WorkerStart(JvmCommand command, IntConsumer ended) {

	/**
	 * Creates a start after whose end there is nothing to do.
	 */
	public WorkerStart(JvmCommand command) {
		this(command, (code) -> {
		});
	}

}
