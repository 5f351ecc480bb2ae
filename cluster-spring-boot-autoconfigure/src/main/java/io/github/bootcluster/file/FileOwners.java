package io.github.bootcluster.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * Which accounts are as good as that of this process.
 *
 * @param own the number of this process's user
 * @param folder the folder of the files {@code passwd} and {@code group}
 * @param mapping the file that tells which accounts there are in this user namespace
 */
record FileOwners(int own, Path folder, Path mapping) {

	/**
	 * The user that stands for all those that are not in the namespace.
	 */
	private static final int OVERFLOW = 65534;

	private static final String ALL = "0 0 4294967295";

	private static final int NAME = 0;

	private static final int NUMBER = 2;

	private static final int PRIMARY_GROUP = 3;

	private static final int MEMBERS = 3;

	static FileOwners ofThisSystem() {
		try {
			return new FileOwners(Ownership.ownUid(), Path.of("/etc"), Path.of("/proc/self/uid_map"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * Tells whether what belongs to a user cannot be changed by a stranger.
	 */
	boolean isTrusted(int uid) {
		return uid == this.own || uid == 0 || (uid == OVERFLOW && !isWholeSystem());
	}

	private boolean isWholeSystem() {
		try {
			return Files.readString(this.mapping).trim().replaceAll("\\s+", " ").equals(ALL);
		}
		catch (IOException ex) {
			return true;
		}
	}

	/**
	 * Tells whether nobody but the owner of a file can be in its group.
	 * @param owner the number of the owner
	 */
	boolean isPrivate(int gid, int owner) {
		if (gid == 0) {
			return true;
		}
		String number = Integer.toUnsignedString(gid);
		String user = Integer.toUnsignedString(owner);
		try (Stream<String[]> users = entries("passwd"); Stream<String[]> groups = entries("group")) {
			List<String[]> primary = users.filter((fields) -> fields[PRIMARY_GROUP].equals(number)).toList();
			List<String[]> named = groups.filter((fields) -> fields[NUMBER].equals(number)).toList();
			if (primary.size() != 1 || named.size() != 1 || !primary.get(0)[NUMBER].equals(user)) {
				return false;
			}
			String[] group = named.get(0);
			return group.length <= MEMBERS || group[MEMBERS].equals(primary.get(0)[NAME]);
		}
		catch (IOException | UncheckedIOException ex) {
			return false;
		}
	}

	private Stream<String[]> entries(String database) throws IOException {
		return Files.lines(this.folder.resolve(database), StandardCharsets.ISO_8859_1)
			.map((line) -> line.split(":"))
			.filter((fields) -> fields.length > NUMBER)
			.filter((fields) -> database.equals("group") || fields.length > PRIMARY_GROUP);
	}

}
