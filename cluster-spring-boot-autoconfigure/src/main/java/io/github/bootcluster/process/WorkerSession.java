package io.github.bootcluster.process;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Gives each worker a session of its own, by the command {@code setsid}, and ends what is
 * left of it once the worker has gone: what a worker has started must hold neither its
 * files nor its ports.
 */
final class WorkerSession {

	private static final String TOOL = "setsid";

	private static final Path PROC = Path.of("/proc");

	/**
	 * The session's place among what follows the name in {@code /proc/<pid>/stat}.
	 */
	private static final int SESSION = 3;

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
		Optional<Path> tool = Stream.of(path.split(File.pathSeparator))
			.filter((folder) -> folder.startsWith("/"))
			.map((folder) -> Path.of(folder, TOOL))
			.filter((file) -> Files.isRegularFile(file) && Files.isExecutable(file))
			.findFirst();
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
		try (Stream<Path> processes = Files.list(PROC)) {
			return processes.map((process) -> process.getFileName().toString())
				.filter((name) -> name.chars().allMatch(Character::isDigit))
				.filter((pid) -> isMember(pid, leader))
				.flatMap((pid) -> ProcessHandle.of(Long.parseLong(pid)).stream())
				// The handle is bound to one process: look again whether it is the same
				.filter((process) -> isMember(Long.toString(process.pid()), leader))
				.toList();
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	private static boolean isMember(String pid, long leader) {
		String[] fields = fields(pid);
		return fields.length > SESSION && !fields[0].equals("Z") && fields[SESSION].equals(Long.toString(leader));
	}

	private static String[] fields(String pid) {
		try {
			String stat = Files.readString(PROC.resolve(pid).resolve("stat"), StandardCharsets.ISO_8859_1);
			return stat.substring(stat.lastIndexOf(')') + 2).split(" ");
		}
		catch (IOException ex) {
			return new String[0];
		}
	}

}
