package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Counts the processes that the kernel has killed for want of memory, in the control
 * group of this process, which its children share. Nobody can ask the kernel about one of
 * them without privileges, so each growth of the count explains one death. The kernel's
 * global killer counts, too, but for a process in the root group, for which nothing is
 * counted: its end looks like that by any other SIGKILL.
 *
 * @see <a href=
 * "https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files">memory.events</a>
 */
final class OutOfMemoryKills {

	private static final Path PROC = Path.of("/proc/self/cgroup");

	private static final Path MOUNT = Path.of("/sys/fs/cgroup");

	private static final String COUNTER = "oom_kill ";

	private final List<Path> candidates;

	private long explained;

	OutOfMemoryKills(List<Path> candidates) {
		this.candidates = List.copyOf(candidates);
	}

	static OutOfMemoryKills ofThisGroup() {
		try {
			return new OutOfMemoryKills(files(Files.readAllLines(PROC), MOUNT));
		}
		catch (IOException | RuntimeException ex) {
			return new OutOfMemoryKills(List.of());
		}
	}

	/**
	 * Finds the files that may hold the count. In a container the path may be the host's,
	 * while the group itself is mounted at the top.
	 * @param mount where the control groups are mounted
	 */
	static List<Path> files(List<String> groups, Path mount) {
		return groups.stream()
			.map((line) -> line.split(":", 3))
			.filter((parts) -> parts.length == 3)
			.flatMap((parts) -> {
				if (parts[1].isEmpty()) {
					return files(mount, parts[2], "memory.events");
				}
				return List.of(parts[1].split(",")).contains("memory")
						? files(mount.resolve("memory"), parts[2], "memory.oom_control") : Stream.empty();
			})
			.toList();
	}

	private static Stream<Path> files(Path mount, String group, String name) {
		return Stream.of(mount.resolve(group.substring(1)).resolve(name), mount.resolve(name));
	}

	/**
	 * Returns how many processes were killed.
	 * @return the count, 0 where there is none
	 */
	long count() {
		for (Path file : this.candidates) {
			try (Stream<String> lines = Files.lines(file)) {
				return lines.filter((line) -> line.startsWith(COUNTER))
					.mapToLong((line) -> Long.parseLong(line.substring(COUNTER.length()).trim()))
					.findFirst()
					.orElse(0);
			}
			catch (IOException | RuntimeException ex) {
				// Another file may be there
			}
		}
		return 0;
	}

	/**
	 * Tells whether a kill that has explained no other death yet explains that of a
	 * process.
	 */
	synchronized boolean explain(long atStart) {
		long before = Math.max(atStart, this.explained);
		if (count() <= before) {
			return false;
		}
		this.explained = before + 1;
		return true;
	}

}
