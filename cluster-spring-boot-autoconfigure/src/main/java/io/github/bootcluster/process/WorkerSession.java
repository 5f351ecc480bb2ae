package io.github.bootcluster.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives each worker a session of its own, by the command {@code setsid}, and ends what is
 * left of it once the worker has gone: what a worker has started must hold neither its
 * files nor its ports.
 */
final class WorkerSession {

	private static final String TOOL = "setsid";

	private static final Path PROC = Path.of("/proc");

	/**
	 * A process may start another while it is looked for.
	 */
	private static final int ROUNDS = 5;

	private final List<String> prefix;

	private WorkerSession(List<String> prefix) {
		this.prefix = prefix;
	}

	/**
	 * Finds the command.
	 * @param path where to look for it, as in the variable {@code PATH}
	 */
	static WorkerSession on(String path) {
		Optional<Path> tool = SearchPath.find(TOOL, path);
		if (tool.isEmpty() || !Files.isDirectory(PROC.resolve("self"))) {
			return new WorkerSession(List.of());
		}
		return new WorkerSession(List.of(tool.get().toString()));
	}

	/**
	 * Returns a command that runs another one in a session of its own, under its own
	 * process id.
	 */
	List<String> command(List<String> command) {
		List<String> whole = new ArrayList<>(this.prefix);
		whole.addAll(command);
		return whole;
	}

	void end(long leader) {
		for (int round = 0; round < ROUNDS && !this.prefix.isEmpty() && !exists(leader); round++) {
			List<ProcessHandle> members = members(leader);
			if (members.isEmpty()) {
				return;
			}
			members.forEach(ProcessHandle::destroyForcibly);
		}
	}

	/**
	 * Tells whether there is a process with the number of a leader, which is then another
	 * one: as long as the session has a member, nobody gets it.
	 */
	private static boolean exists(long leader) {
		return Files.exists(PROC.resolve(Long.toString(leader)));
	}

	private static List<ProcessHandle> members(long leader) {
		return ProcessStat.all(PROC)
			.stream()
			.filter((process) -> isMember(process, leader))
			.flatMap((process) -> ProcessHandle.of(process.pid()).stream())
			// The handle is bound to one process: look again whether it is the same
			.filter((process) -> ProcessStat.of(PROC, process.pid())
				.filter((same) -> isMember(same, leader))
				.isPresent())
			.toList();
	}

	private static boolean isMember(ProcessStat process, long leader) {
		return !process.isZombie() && process.session() == leader;
	}

}
