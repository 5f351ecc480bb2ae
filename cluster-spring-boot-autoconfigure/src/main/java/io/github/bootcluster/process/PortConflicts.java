package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Finds out from the last lines of a process that it has ended because a port was taken,
 * and by whom. Not every server tells the port: then it is looked for among the options
 * of the process, as a number on which somebody listens.
 */
final class PortConflicts {

	private static final Pattern FAILURE = Pattern.compile(
			"Address already in use|\\bBindException\\b|\\bPortInUseException\\b|was already in use|may be in use");

	private static final Pattern BINDING = Pattern.compile("bind|listen|\\bport\\b", Pattern.CASE_INSENSITIVE);

	private static final Pattern PORT = Pattern.compile(
			"\\bport:? ?[\"']?(\\d{1,5})\\b|(?:\\d+\\.\\d+\\.\\d+\\.\\d+|]|>|localhost|\\*|(?:0:){7}[01]):(\\d{1,5})\\b",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern OPTION = Pattern.compile("-javaagent:.*|-agent(path|lib):.*|.*port.*",
			Pattern.CASE_INSENSITIVE);

	private static final Pattern NUMBER = Pattern.compile("(?<![\\d.\\w])(\\d{2,5})(?![\\d.\\w])");

	/**
	 * So many lines before the failure may tell what failed.
	 */
	private static final int LINES_BEFORE = 3;

	private static final int LOCAL = 1;

	private static final int STATE = 3;

	private static final int INODE = 9;

	private static final String LISTENING = "0A";

	private static final int HEX = 16;

	private static final int MAX = 65535;

	private final Path proc;

	PortConflicts(Path proc) {
		this.proc = proc;
	}

	/**
	 * Looks for a conflict.
	 * @return the conflict, or {@code null} if the lines tell of none
	 */
	@Nullable PortConflict find(List<String> lastLines, List<String> options, Collection<Long> first) {
		List<String> failures = lastLines.stream().filter((line) -> FAILURE.matcher(line).find()).toList();
		if (failures.isEmpty()) {
			return null;
		}
		Set<Integer> told = new LinkedHashSet<>();
		failures.forEach((line) -> addPorts(PORT, line, told));
		lastLines.stream()
			.skip(Math.max(0, lastLines.indexOf(failures.get(0)) - LINES_BEFORE))
			.filter((line) -> BINDING.matcher(line).find())
			.forEach((line) -> addPorts(PORT, line, told));
		Set<Integer> possible = new LinkedHashSet<>(told);
		options.stream()
			.filter((option) -> OPTION.matcher(option).matches())
			.forEach((option) -> addPorts(NUMBER, option, possible));
		for (int port : possible) {
			Set<String> sockets = sockets(port);
			if (!sockets.isEmpty()) {
				return conflict(port, sockets, first);
			}
		}
		return new PortConflict(told.isEmpty() ? 0 : told.iterator().next(), 0, null);
	}

	private static void addPorts(Pattern pattern, String line, Set<Integer> ports) {
		Matcher matcher = pattern.matcher(line);
		while (matcher.find()) {
			String number = (matcher.group(1) != null) ? matcher.group(1) : matcher.group(2);
			int port = Integer.parseInt(number);
			if (port > 0 && port <= MAX) {
				ports.add(port);
			}
		}
	}

	private Set<String> sockets(int port) {
		Set<String> sockets = new HashSet<>();
		for (String table : List.of("self/net/tcp", "self/net/tcp6")) {
			try (Stream<String> rows = Files.lines(this.proc.resolve(table), StandardCharsets.US_ASCII)) {
				rows.map((row) -> row.strip().split("\\s+"))
					.filter((fields) -> fields.length > INODE && fields[STATE].equals(LISTENING))
					.filter((fields) -> Integer.parseInt(fields[LOCAL].substring(fields[LOCAL].lastIndexOf(':') + 1),
							HEX) == port)
					.forEach((fields) -> sockets.add("socket:[%s]".formatted(fields[INODE])));
			}
			catch (IOException | RuntimeException ex) {
				// The other table may be there
			}
		}
		return sockets;
	}

	private PortConflict conflict(int port, Set<String> sockets, Collection<Long> first) {
		for (long pid : first) {
			if (holds(this.proc.resolve(Long.toString(pid)), sockets)) {
				return new PortConflict(port, pid, name(pid));
			}
		}
		try (DirectoryStream<Path> processes = Files.newDirectoryStream(this.proc, "[1-9]*")) {
			for (Path process : processes) {
				if (holds(process, sockets)) {
					long pid = Long.parseLong(String.valueOf(process.getFileName()));
					return new PortConflict(port, pid, name(pid));
				}
			}
		}
		catch (IOException | RuntimeException ex) {
			// Nobody is found
		}
		return new PortConflict(port, 0, null);
	}

	private static boolean holds(Path process, Set<String> sockets) {
		try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
			for (Path descriptor : descriptors) {
				if (isOneOf(descriptor, sockets)) {
					return true;
				}
			}
		}
		catch (IOException | RuntimeException ex) {
			// Ended meanwhile, or somebody else's
		}
		return false;
	}

	private static boolean isOneOf(Path descriptor, Set<String> sockets) {
		try {
			return sockets.contains(Files.readSymbolicLink(descriptor).toString());
		}
		catch (IOException ex) {
			return false;
		}
	}

	private @Nullable String name(long pid) {
		try {
			return Files.readString(this.proc.resolve(Long.toString(pid)).resolve("comm")).strip();
		}
		catch (IOException ex) {
			return null;
		}
	}

}
