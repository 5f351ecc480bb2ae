package io.github.bootcluster.process;

import java.util.function.IntConsumer;

/**
 * How a worker is started.
 *
 * @param command the command line
 * @param ended is told the exit code, or -1 if there was no process
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
