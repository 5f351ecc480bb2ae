package io.github.bootcluster.master;

import java.io.IOException;
import java.net.ConnectException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

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
	 * The words of the operating system, for a socket that is in use.
	 */
	private static final String IN_USE = "Address already in use";

	/**
	 * Binds a socket and lets it listen.
	 * @param socket the socket, which stays the caller's
	 * @param path an absolute path
	 * @param backlog the length of the accept queue
	 * @return the file that now leads to the socket
	 * @throws IOException if there is something else, or it cannot be made; the message
	 * says what to do about
	 */
	static UnixSocketFile listen(Socket socket, Path path, int backlog) throws IOException {
		Path folder = path.getParent();
		if (folder == null || !Files.isDirectory(folder)) {
			throw new IOException("Folder '%s' does not exist".formatted(folder));
		}
		DomainSocketAddress address = new DomainSocketAddress(path.toString());
		if (Identity.of(path) != null) {
			removeAbandoned(path);
		}
		socket.bind(address);
		// Until then, another master would take the socket for abandoned
		socket.listen(backlog);
		Identity own = Identity.of(path);
		if (own == null) {
			throw new IOException(IN_USE);
		}
		return new UnixSocketFile(path, own);
	}

	/**
	 * Deletes the socket of a master that was killed, but for whatever else is found. It
	 * is looked at under another name before: a master that starts at the same time may
	 * have put its own in the place.
	 * @param path the path
	 * @throws IOException if there is something else
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
			throw new IOException(IN_USE);
		}
		if (found.owner() != ownAccount()) {
			throw new IOException("There is a socket of another account (uid %d)".formatted(found.owner()));
		}
		Path aside = path.resolveSibling(".%s.%d".formatted(path.getFileName(), ProcessHandle.current().pid()));
		try {
			Files.move(path, aside, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (NoSuchFileException ex) {
			return;
		}
		boolean same = found.isSame(Identity.of(aside));
		if (!same) {
			putBack(aside, path);
		}
		Files.deleteIfExists(aside);
		if (!same) {
			throw new IOException(IN_USE);
		}
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
		Socket probe = Socket.newSocketDomain();
		try {
			probe.connect(new DomainSocketAddress(path.toString()));
			return true;
		}
		catch (ConnectException ex) {
			return !String.valueOf(ex.getMessage()).contains("refused");
		}
		catch (IOException ex) {
			// It may be somebody's, as far as one can tell
			return true;
		}
		finally {
			probe.close();
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
				Files.deleteIfExists(this.path);
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
