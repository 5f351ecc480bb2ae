package io.github.bootcluster.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Finds all processes that stem from one, by a mark in the environment that children
 * inherit. The process tree does not do: a worker whose master has died is no longer its
 * child.
 */
final class MarkedProcesses {

	static final String VARIABLE = "CLUSTER_IT_MARK";

	private final String mark = UUID.randomUUID().toString();

	String mark() {
		return this.mark;
	}

	List<ProcessHandle> alive() {
		String entry = VARIABLE + "=" + this.mark;
		return withEnvironment((environment) -> environment.contains(entry));
	}

	/**
	 * Tells whether no process of another test runs beside, which might use what is free
	 * again.
	 * @return whether this test is alone
	 */
	boolean isAlone() {
		String entry = VARIABLE + "=" + this.mark;
		return withEnvironment((environment) -> environment.contains(VARIABLE + "=") && !environment.contains(entry))
			.isEmpty();
	}

	private static List<ProcessHandle> withEnvironment(Predicate<String> condition) {
		try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
			return entries.map((path) -> path.getFileName().toString())
				.filter((name) -> name.chars().allMatch(Character::isDigit))
				.filter((pid) -> condition.test(environmentOf(pid)))
				.map((pid) -> ProcessHandle.of(Long.parseLong(pid)))
				.flatMap(Optional::stream)
				.filter(ProcessHandle::isAlive)
				.toList();
		}
		catch (IOException ex) {
			throw new IllegalStateException("The integration tests need Linux' /proc", ex);
		}
	}

	private static String environmentOf(String pid) {
		try {
			return Files.readString(Path.of("/proc", pid, "environ"), StandardCharsets.ISO_8859_1);
		}
		catch (IOException ex) {
			return "";
		}
	}

}
