package io.github.bootcluster.process;

import java.io.PrintStream;

/**
 * Starts the process of a worker.
 */
@FunctionalInterface
public interface WorkerLauncher {

	/**
	 * Starts a process. It inherits the environment and the working directory of this
	 * one, reads nothing, and its output goes to the console: standard output and
	 * standard error become one stream, because the order of a worker's lines is worth
	 * more than the difference between the two. A console that is slow slows the worker
	 * down, as it would without a cluster.
	 * @param request what to start
	 * @return the running process
	 * @throws LaunchException if the process cannot be started
	 */
	WorkerProcess launch(LaunchRequest request) throws LaunchException;

	/**
	 * Creates the launcher that forks real processes.
	 * @param console where the lines of all workers go, each line whole and led by the
	 * worker's name
	 * @return a launcher
	 */
	static WorkerLauncher create(PrintStream console) {
		return new DefaultWorkerLauncher(console);
	}

}
