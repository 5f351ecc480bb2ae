package io.github.bootcluster;

/**
 * What ended a worker. Whether the master had asked it to leave is told beside it, by
 * {@link WorkerExit#voluntary()}: a worker may crash while it leaves.
 */
public enum ExitKind {

	/**
	 * The master had asked the worker to end, and nothing is known that went wrong.
	 */
	VOLUNTARY,

	/**
	 * The process ended by itself, with an exit code.
	 */
	EXIT_CODE,

	/**
	 * A signal ended the process.
	 */
	SIGNAL,

	/**
	 * The kernel killed the process for want of memory, or the JVM ended itself for it.
	 */
	OUT_OF_MEMORY,

	/**
	 * The JVM crashed and said so; it may have written a report.
	 */
	CRASH,

	/**
	 * The master ended the worker because it did not become ready.
	 */
	NEVER_READY,

	/**
	 * The master ended the worker because its event loops did not answer any more.
	 */
	HUNG

}
