package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What {@code /proc/<pid>/stat} tells of a process.
 *
 * @param pid the process id
 * @param state the state's letter
 * @param parent the parent's process id
 * @param session the process id of the session's leader
 * @param start when it was started, which tells two processes of one id apart
 * @see <a href=
 * "https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html">proc_pid_stat</a>
 */
record ProcessStat(long pid, String state, long parent, long session, String start) {

	/**
	 * The fields' places behind the name, which may itself have blanks and parentheses.
	 */
	private static final int STATE = 0;

	private static final int PARENT = 1;

	private static final int SESSION = 3;

	private static final int START = 19;

	static List<ProcessStat> all(Path proc) {
		try (Stream<Path> processes = Files.list(proc)) {
			return processes.map((process) -> process.getFileName().toString())
				.filter((name) -> name.chars().allMatch(Character::isDigit))
				.flatMap((pid) -> of(proc, Long.parseLong(pid)).stream())
				.toList();
		}
		catch (IOException ex) {
			return List.of();
		}
	}

	/**
	 * Looks at one process.
	 * @return what is told of it, or nothing if it is gone
	 */
	static Optional<ProcessStat> of(Path proc, long pid) {
		try {
			String stat = Files.readString(proc.resolve(Long.toString(pid)).resolve("stat"),
					StandardCharsets.ISO_8859_1);
			String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
			return Optional.of(new ProcessStat(pid, fields[STATE], Long.parseLong(fields[PARENT]),
					Long.parseLong(fields[SESSION]), fields[START]));
		}
		catch (IOException ex) {
			return Optional.empty();
		}
	}

	boolean isZombie() {
		return this.state.equals("Z");
	}

}
