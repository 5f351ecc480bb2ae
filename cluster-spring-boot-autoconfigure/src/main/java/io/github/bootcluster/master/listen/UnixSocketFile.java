package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.UUID;

import io.github.bootcluster.wire.ListenFailure;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * File by which a Unix socket is reached. Its mode follows the umask of the master, as
 * with Node: with the usual one, the master's own account alone may connect. What a
 * master that was killed left behind is replaced; nothing else is ever deleted.
 *
 * @param path the file
 * @param identity tells whether it is still the same
 */
record UnixSocketFile(Path path, Identity identity) {

	/**
	 * Longest path of a Unix socket in bytes: {@code sun_path} less its end.
	 */
	private static final int LONGEST = 107;

	private static final int NAME_LENGTH = 9;

	private static final int MIN_NAME_LENGTH = 4;

	/**
	 * Binds a socket and lets it listen. Netty deletes what is at the path that it binds:
	 * so that is a new name, from which the socket gets the right one, if nothing else
	 * has that.
	 * @param socket the socket, which stays the caller's
	 */
	static UnixSocketFile listen(Socket socket, Path path, int backlog) throws IOException {
		Path folder = path.getParent();
		if (folder == null || !Files.isDirectory(folder)) {
			throw new IOException("Folder '%s' does not exist".formatted(folder));
		}
		if (Identity.of(path) != null) {
			removeAbandoned(path);
		}
		Path fresh = fresh(folder);
		socket.bind(new DomainSocketAddress(fresh.toString()));
		try {
			// Until then, another master would take the socket for abandoned
			socket.listen(backlog);
			Identity own = Identity.of(fresh);
			if (own == null) {
				throw inUse();
			}
			Files.createLink(path, fresh);
			return new UnixSocketFile(path, own);
		}
		catch (FileAlreadyExistsException ex) {
			throw inUse();
		}
		finally {
			Files.deleteIfExists(fresh);
		}
	}

	/**
	 * Finds a name that nothing has, and that the address of a socket has room for.
	 */
	private static Path fresh(Path folder) throws IOException {
		int room = LONGEST - folder.resolve("x").toString().getBytes(StandardCharsets.UTF_8).length + 1;
		if (room < MIN_NAME_LENGTH) {
			throw new IOException("The path of folder '%s' is too long".formatted(folder));
		}
		Path fresh;
		do {
			fresh = folder.resolve(
					"." + UUID.randomUUID().toString().replace("-", "").substring(0, Math.min(NAME_LENGTH, room) - 1));
		}
		while (Identity.of(fresh) != null);
		return fresh;
	}

	private static ListenDeniedException inUse() {
		return new ListenDeniedException(ListenFailure.ADDRESS_IN_USE, "Address already in use");
	}

	/**
	 * Deletes the socket of a master that was killed, but for whatever else is found. It
	 * is looked at under another name before: a master that starts at the same time may
	 * have put its own in the place.
	 */
	private static void removeAbandoned(Path path) throws IOException {
		Identity found = Identity.of(path);
		if (found == null) {
			return;
		}
		if (!found.isSocket()) {
			throw new IOException("There is %s, which is no socket".formatted(found.description()));
		}
		if (isListenedOn(path)) {
			throw inUse();
		}
		if (found.owner() != ownAccount()) {
			throw new IOException("There is a socket of another account (uid %d)".formatted(found.owner()));
		}
		if (!delete(path, found)) {
			throw inUse();
		}
	}

	/**
	 * Deletes a file if it is a certain one.
	 */
	private static boolean delete(Path path, Identity expected) throws IOException {
		Path folder = path.getParent();
		if (folder == null) {
			return false;
		}
		Path aside = fresh(folder);
		try {
			Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (NoSuchFileException ex) {
			return true;
		}
		boolean same = expected.isSame(Identity.of(aside));
		if (!same) {
			putBack(aside, path);
		}
		Files.deleteIfExists(aside);
		return same;
	}

	private static void putBack(Path aside, Path path) throws IOException {
		try {
			Files.createLink(path, aside);
		}
		catch (FileAlreadyExistsException ex) {
			// A third one was faster still
		}
	}

	private static boolean isListenedOn(Path path) throws IOException {
		try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			// One that has no room for another is listened on, too
			probe.configureBlocking(false);
			probe.connect(UnixDomainSocketAddress.of(path));
			return true;
		}
		catch (ConnectException ex) {
			// What the JDK makes of the number ECONNREFUSED
			return false;
		}
		catch (IOException ex) {
			// It may be somebody's, as far as one can tell
			return true;
		}
	}

	private static int ownAccount() throws IOException {
		return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
	}

	/**
	 * Deletes the file, unless somebody has put another in its place.
	 */
	void delete() {
		try {
			if (this.identity.isSame(Identity.of(this.path))) {
				delete(this.path, this.identity);
			}
		}
		catch (IOException ex) {
			// Left to the next master
		}
	}

	/**
	 * What tells a file from another at the same path. Its account and permissions may be
	 * changed.
	 *
	 * @param type the type among its mode
	 * @param owner the account that it belongs to
	 * @param key its number in the file system, which may be used again
	 * @param made when it was made
	 */
	record Identity(int type, int owner, String key, FileTime made) {

		private static final int TYPE = 0170000;

		private static final int SOCKET = 0140000;

		private static final int LINK = 0120000;

		private static final int FOLDER = 0040000;

		static @Nullable Identity of(Path path) throws IOException {
			try {
				BasicFileAttributes found = Files.readAttributes(path, BasicFileAttributes.class,
						LinkOption.NOFOLLOW_LINKS);
				return new Identity(number(path, "unix:mode") & TYPE, number(path, "unix:uid"),
						String.valueOf(found.fileKey()), found.lastModifiedTime());
			}
			catch (NoSuchFileException ex) {
				return null;
			}
		}

		private static int number(Path path, String attribute) throws IOException {
			return (int) Files.getAttribute(path, attribute, LinkOption.NOFOLLOW_LINKS);
		}

		boolean isSame(@Nullable Identity other) {
			return other != null && this.type == other.type && this.key.equals(other.key)
					&& this.made.equals(other.made);
		}

		boolean isSocket() {
			return this.type == SOCKET;
		}

		String description() {
			return switch (this.type) {
				case LINK -> "a symbolic link";
				case FOLDER -> "a folder";
				default -> "a file";
			};
		}

	}

}
