package io.github.bootcluster.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Folders at which other file systems, or other parts of the same one, are mounted.
 *
 * @see <a href=
 * "https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html">mountinfo</a>
 */
final class MountPoints {

	private static final Path TABLE = Path.of("/proc/self/mountinfo");

	private static final int FOLDER = 4;

	private static final Pattern ESCAPE = Pattern.compile("\\\\([0-7]{3})");

	private final Set<Path> folders;

	private MountPoints(Set<Path> folders) {
		this.folders = folders;
	}

	/**
	 * Reads the mount points of this process.
	 * @return the mount points, none where the system does not tell
	 */
	static MountPoints read() {
		try (Stream<String> lines = Files.lines(TABLE)) {
			return new MountPoints(lines.map((line) -> line.split(" "))
				.filter((fields) -> fields.length > FOLDER)
				.map((fields) -> Path.of(unescape(fields[FOLDER])))
				.collect(Collectors.toSet()));
		}
		catch (IOException | RuntimeException ex) {
			return new MountPoints(Set.of());
		}
	}

	static String unescape(String field) {
		return ESCAPE.matcher(field).replaceAll(MountPoints::character);
	}

	private static String character(MatchResult escape) {
		return Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 8)));
	}

	boolean contain(Path folder) {
		return this.folders.contains(folder);
	}

}
