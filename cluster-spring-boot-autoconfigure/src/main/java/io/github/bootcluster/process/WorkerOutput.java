package io.github.bootcluster.process;

/**
 * Where the output of workers goes.
 */
public enum WorkerOutput {

	/**
	 * To the standard output and standard error of the master, untouched and without the
	 * master in between: what a worker wrote last is not known after its end.
	 */
	INHERIT,

	/**
	 * To the master's standard output, each line led by the worker's name.
	 */
	PREFIX,

	/**
	 * To one log a slot, which grows over restarts.
	 */
	FILE,

	/**
	 * Nowhere.
	 */
	DISCARD

}
