package io.github.bootcluster.process;

import java.nio.file.Path;

/**
 * Starts the process of a worker.
 */
@FunctionalInterface
public interface WorkerLauncher {

	/**
	 * Starts a process. It inherits the environment and the working directory of this
	 * one, and reads nothing. Unless its output is inherited, standard output and
	 * standard error become one stream, because the order of a worker's lines is worth
	 * more than the difference between the two. A console that is slow slows the worker
	 * down, as it would without a cluster.
	 * @throws LaunchException if the process cannot be started
	 */
	WorkerProcess launch(LaunchRequest request) throws LaunchException;

	/**
	 * Creates the launcher that forks real processes.
	 */
	static WorkerLauncher create(LaunchSettings settings) {
		return new DefaultWorkerLauncher(settings, FolderLock.none(),
				new PrivateArguments(null, settings.account(), settings.problems()));
	}

	/**
	 * Creates the launcher that forks real processes.
	 * @param folder the folder that they keep locked, where the system can do that, and
	 * through which they get what shall stand on no command line
	 */
	static WorkerLauncher create(LaunchSettings settings, Path folder) {
		return new DefaultWorkerLauncher(settings,
				(settings.account() == null) ? FolderLock.on(folder) : FolderLock.beside(folder),
				new PrivateArguments(folder, settings.account(), settings.problems()));
	}

}
