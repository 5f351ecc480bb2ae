package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Private folder (mode 0700) that holds a master's sockets. Its owner keeps a file in it
 * locked for as long as it lives; what a killed master left is known by a lock that
 * nobody holds, which is right across containers too, unlike a process id.
 */
public final class SocketDirectory implements AutoCloseable {

	/**
	 * Longest path of a Unix socket in bytes: {@code sun_path} less its end.
	 */
	private static final int MAX_SOCKET_PATH = 107;

	private static final String PREFIX = "cluster-";

	private static final String LOCK = "lock";

	private final Path path;

	private final FileChannel lock;

	private SocketDirectory(Path path, FileChannel lock) {
		this.path = path;
		this.lock = lock;
	}

	/**
	 * Creates the folder, and deletes those that killed masters left beside it.
	 * @param configured the folder to create it in, or {@code null} for the system's
	 * temporary folder or, if that has too long a path, another one
	 * @return the folder
	 * @throws WorkDirectoryException if that cannot be done
	 */
	public static SocketDirectory create(@Nullable Path configured) {
		Path base = (configured != null) ? configured.toAbsolutePath() : defaultBase();
		if (!fits(base)) {
			throw new WorkDirectoryException(base,
					"the path of a Unix socket in it would be longer than %d bytes".formatted(MAX_SOCKET_PATH));
		}
		try {
			Files.createDirectories(base);
			deleteAbandoned(base);
			return createIn(base);
		}
		catch (IOException ex) {
			throw new WorkDirectoryException(base, ex);
		}
	}

	private static Path defaultBase() {
		Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
		return Stream.of(temporary, Path.of("/tmp"), Path.of("/var/tmp"), Path.of("/dev/shm"))
			.filter((candidate) -> fits(candidate) && Files.isWritable(candidate))
			.findFirst()
			.orElse(temporary);
	}

	private static boolean fits(Path base) {
		// The folder's name ends in a random number that is taken as unsigned
		Path longest = base.resolve(PREFIX + Long.toUnsignedString(-1)).resolve("control.sock");
		return longest.toString().getBytes().length <= MAX_SOCKET_PATH;
	}

	private static SocketDirectory createIn(Path base) throws IOException {
		// Locked before it gets its name: nobody can take it for abandoned in between
		Path unnamed = Files.createTempDirectory(base, "." + PREFIX,
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
		try {
			FileChannel lock = FileChannel.open(unnamed.resolve(LOCK), StandardOpenOption.CREATE_NEW,
					StandardOpenOption.WRITE);
			lock.lock();
			Path named = base.resolve(unnamed.getFileName().toString().substring(1));
			return new SocketDirectory(Files.move(unnamed, named), lock);
		}
		catch (IOException ex) {
			delete(unnamed);
			throw ex;
		}
	}

	private static void deleteAbandoned(Path base) throws IOException {
		try (DirectoryStream<Path> candidates = Files.newDirectoryStream(base, PREFIX + "*")) {
			for (Path candidate : candidates) {
				if (isAbandoned(candidate)) {
					delete(candidate);
				}
			}
		}
	}

	private static boolean isAbandoned(Path candidate) {
		Path lockFile = candidate.resolve(LOCK);
		if (!Files.isWritable(lockFile)) {
			return false;
		}
		try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.WRITE)) {
			return channel.tryLock() != null;
		}
		catch (IOException | IllegalStateException ex) {
			// Somebody else's, or this process' own
			return false;
		}
	}

	private static void delete(Path directory) {
		try (Stream<Path> files = Files.list(directory)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				Files.deleteIfExists(file);
			}
			Files.deleteIfExists(directory);
		}
		catch (IOException ex) {
			// What cannot be deleted now is deleted by the next master
		}
	}

	/**
	 * Returns the folder.
	 * @return an absolute path
	 */
	public Path path() {
		return this.path;
	}

	/**
	 * Returns the path of the control socket.
	 * @return an absolute path
	 */
	public Path control() {
		return this.path.resolve("control.sock");
	}

	/**
	 * Returns the path of the hand-off socket that belongs to a control socket.
	 * @param control the control socket
	 * @return an absolute path
	 */
	public static Path handoff(Path control) {
		return control.resolveSibling("handoff.sock");
	}

	/**
	 * Deletes the folder of a master that has died, from one of its workers.
	 * @param control the control socket
	 */
	public static void deleteAbandonedBy(Path control) {
		Path directory = control.getParent();
		if (directory != null && isAbandoned(directory)) {
			delete(directory);
		}
	}

	/**
	 * Deletes the folder with all that is in it.
	 */
	@Override
	public void close() {
		delete(this.path);
		try {
			this.lock.close();
		}
		catch (IOException ex) {
			// The process' end releases it
		}
	}

}
