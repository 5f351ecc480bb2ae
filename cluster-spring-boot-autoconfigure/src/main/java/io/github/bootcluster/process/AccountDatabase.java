package io.github.bootcluster.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The users and groups of this system. The JDK tells neither their numbers nor their
 * homes. They are read from the system's files, and what is not there, because a
 * directory service knows it, is asked of {@code getent}.
 */
public final class AccountDatabase {

	private static final int NAME = 0;

	private static final int NUMBER = 2;

	private static final int PRIMARY_GROUP = 3;

	private static final int HOME = 5;

	private static final long ANSWER_SECONDS = 10;

	private final Path folder;

	private final Path status;

	private final List<String> getent;

	AccountDatabase(Path root, List<String> getent) {
		this.folder = root.resolve("etc");
		this.status = root.resolve("proc/self/status");
		this.getent = List.copyOf(getent);
	}

	/**
	 * Returns the accounts of the system that this process runs on.
	 */
	public static AccountDatabase ofThisSystem() {
		return new AccountDatabase(Path.of("/"), List.of("getent"));
	}

	/**
	 * Returns the accounts that files tell of, and no directory service.
	 */
	public static AccountDatabase of(Path root) {
		return new AccountDatabase(root, List.of());
	}

	/**
	 * Finds a user.
	 * @param nameOrNumber the user's name, or its number
	 * @return the user, or empty if the system does not know it
	 */
	public Optional<User> user(String nameOrNumber) {
		return find("passwd", nameOrNumber, HOME + 1)
			.map((fields) -> new User(fields[NAME], Integer.parseUnsignedInt(fields[NUMBER]),
					Integer.parseUnsignedInt(fields[PRIMARY_GROUP]), fields[HOME]));
	}

	/**
	 * Finds a group.
	 * @param nameOrNumber the group's name, or its number
	 * @return the group, or empty if the system does not know it
	 */
	public Optional<Group> group(String nameOrNumber) {
		return find("group", nameOrNumber, NUMBER + 1)
			.map((fields) -> new Group(fields[NAME], Integer.parseUnsignedInt(fields[NUMBER])));
	}

	/**
	 * Returns the number of the user that this process runs as.
	 * @return the number, or empty if the system does not tell it
	 */
	public Optional<Integer> ownUser() {
		return own("Uid:");
	}

	/**
	 * Returns the number of the group that this process runs as.
	 * @return the number, or empty if the system does not tell it
	 */
	public Optional<Integer> ownGroup() {
		return own("Gid:");
	}

	private Optional<Integer> own(String field) {
		try (Stream<String> lines = Files.lines(this.status, StandardCharsets.ISO_8859_1)) {
			// The second number is the effective one, which decides what is allowed
			return lines.filter((line) -> line.startsWith(field))
				.map((line) -> Integer.parseUnsignedInt(line.split("\\s+")[2]))
				.findFirst();
		}
		catch (IOException | UncheckedIOException ex) {
			return Optional.empty();
		}
	}

	private Optional<String[]> find(String database, String key, int fields) {
		if (key.isBlank() || key.contains(":")) {
			return Optional.empty();
		}
		return inFile(database, key, fields).or(() -> ask(database, key, fields));
	}

	private Optional<String[]> inFile(String database, String key, int fields) {
		try (Stream<String> lines = Files.lines(this.folder.resolve(database), StandardCharsets.ISO_8859_1)) {
			return entry(lines, key, fields);
		}
		catch (IOException | UncheckedIOException ex) {
			return Optional.empty();
		}
	}

	private Optional<String[]> ask(String database, String key, int fields) {
		if (this.getent.isEmpty()) {
			return Optional.empty();
		}
		try {
			List<String> command = Stream.concat(this.getent.stream(), Stream.of(database, key)).toList();
			Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
			process.getOutputStream().close();
			if (!process.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS)) {
				process.destroyForcibly();
				return Optional.empty();
			}
			String answer = new String(process.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
			return entry(answer.lines(), key, fields);
		}
		catch (IOException ex) {
			return Optional.empty();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return Optional.empty();
		}
	}

	private static Optional<String[]> entry(Stream<String> lines, String key, int fields) {
		return lines.map((line) -> line.split(":", -1))
			.filter((entry) -> entry.length >= fields && isNumber(entry[NUMBER]))
			.filter((entry) -> entry[NAME].equals(key) || entry[NUMBER].equals(key))
			.findFirst();
	}

	private static boolean isNumber(String text) {
		return toNumber(text).isPresent();
	}

	/**
	 * Reads the number of a user or a group, of which there are more than fit a signed
	 * one.
	 * @return the number as an unsigned one, or empty if it is none
	 */
	public static Optional<Integer> toNumber(String text) {
		try {
			return text.matches("\\d+") ? Optional.of(Integer.parseUnsignedInt(text)) : Optional.empty();
		}
		catch (NumberFormatException ex) {
			return Optional.empty();
		}
	}

	/**
	 * User that the system knows.
	 *
	 * @param name the name
	 * @param uid the number
	 * @param gid the number of the primary group
	 * @param home the home
	 */
	public record User(String name, int uid, int gid, String home) {

	}

	/**
	 * Group that the system knows.
	 *
	 * @param name the name
	 * @param gid the number
	 */
	public record Group(String name, int gid) {

	}

}
