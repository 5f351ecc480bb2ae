package io.github.bootcluster.wire;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.stream.Stream;

import io.github.bootcluster.file.FileTree;
import io.github.bootcluster.file.FolderTrust;
import io.github.bootcluster.file.Marker;
import io.github.bootcluster.file.UntrustedFolderException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Private folder (mode 0700) that holds a master's sockets and snapshots. If workers run
 * as another account, its group may pass through (0710) to what is meant for it. The
 * master and its workers keep a file in it locked for as long as they live; what a killed
 * master left is known by a lock that nobody holds, which is right across containers too,
 * unlike a process id.
 */
public final class SocketDirectory implements Closeable {

	private static final Log logger = LogFactory.getLog(SocketDirectory.class);

	/**
	 * Longest path of a Unix socket in bytes: {@code sun_path} less its end.
	 */
	private static final int MAX_SOCKET_PATH = 107;

	private static final String PREFIX = "bootcluster-";

	/**
	 * Name of the file that is kept locked.
	 */
	static final String LOCK = "lock";

	private static final String GENERATIONS = "generations";

	private static final FileAttribute<?> OWNERS_ALONE = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

	/**
	 * Position in the lock that workers share; the master's own is before it.
	 */
	private static final long WORKERS_LOCK = 1;

	private final Path path;

	private final FileChannel lock;

	private final @Nullable SocketUser user;

	private SocketDirectory(Path path, FileChannel lock, @Nullable SocketUser user) {
		this.path = path;
		this.lock = lock;
		this.user = user;
	}

	/**
	 * Creates the folder, and deletes those that killed masters left beside it.
	 * @param configured the folder to create it in, or {@code null} for the system's
	 * temporary folder or, if that has too long a path, another one
	 * @throws WorkDirectoryException if that cannot be done
	 */
	public static SocketDirectory create(@Nullable Path configured) {
		return create(configured, null);
	}

	/**
	 * Creates the folder, and deletes those that killed masters left beside it.
	 * @param configured the folder to create it in, or {@code null} as above
	 * @param user the account of the workers, or {@code null} if it is the master's
	 * @throws WorkDirectoryException if that cannot be done
	 */
	public static SocketDirectory create(@Nullable Path configured, @Nullable SocketUser user) {
		Path base = (configured != null) ? configured.toAbsolutePath() : defaultBase();
		if (!fits(base)) {
			throw new WorkDirectoryException(base,
					"the path of a Unix socket in it would be longer than %d bytes".formatted(MAX_SOCKET_PATH));
		}
		try {
			if (configured != null) {
				FolderTrust.strict().check(base);
			}
			Files.createDirectories(base);
			requireTrusted(base, configured != null);
			AbandonedDirectory.deleteAll(base, PREFIX);
			return createIn(base, user);
		}
		catch (IOException ex) {
			throw new WorkDirectoryException(base, ex);
		}
	}

	/**
	 * Sees to it that no other account can put other files in the place of the folder.
	 * The system's own folder for temporary files is used all the same: in a container it
	 * may be a mounted one that everybody may write.
	 */
	private static void requireTrusted(Path base, boolean configured) throws IOException {
		try {
			FolderTrust.strict().check(base);
		}
		catch (UntrustedFolderException ex) {
			if (configured) {
				throw ex;
			}
			logger.warn("The folder for temporary files is not safe, as %s: set cluster.work-directory to one that is"
				.formatted(ex.getMessage()));
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

	private static SocketDirectory createIn(Path base, @Nullable SocketUser user) throws IOException {
		// Locked before it gets its name: nobody can take it for abandoned in between
		Path unnamed = Files.createTempDirectory(base, "." + PREFIX, OWNERS_ALONE);
		try {
			FileChannel lock = FileChannel.open(unnamed.resolve(LOCK), StandardOpenOption.CREATE_NEW,
					StandardOpenOption.READ, StandardOpenOption.WRITE);
			lock.lock(0, WORKERS_LOCK, false);
			Marker.write(unnamed);
			if (user != null) {
				user.own(unnamed.resolve(LOCK));
				user.enter(Files.createDirectory(unnamed.resolve(GENERATIONS), OWNERS_ALONE));
				user.enter(unnamed);
			}
			Path named = base.resolve(unnamed.getFileName().toString().substring(1));
			return new SocketDirectory(Files.move(unnamed, named), lock, user);
		}
		catch (IOException ex) {
			AbandonedDirectory.delete(unnamed);
			throw ex;
		}
	}

	/**
	 * Returns the folder.
	 */
	public Path path() {
		return this.path;
	}

	/**
	 * Returns the path of the control socket.
	 */
	public Path control() {
		return this.path.resolve("control.sock");
	}

	/**
	 * Returns the path of the hand-off socket that belongs to a control socket.
	 */
	public static Path handoff(Path control) {
		return control.resolveSibling("handoff.sock");
	}

	/**
	 * Lets the workers connect to a socket in the folder that was bound just now.
	 */
	void admitWorkers(Path socket) throws IOException {
		if (this.user != null) {
			this.user.own(socket);
		}
	}

	/**
	 * Returns the folder for the snapshots of the application.
	 */
	public Path generations() {
		return this.path.resolve(GENERATIONS);
	}

	/**
	 * Keeps cleaners of temporary files from taking the folder for forgotten, by fresh
	 * time stamps. The lock's file gets them by being written to: a process that opens
	 * and closes a file loses its locks on it.
	 */
	public void refresh() {
		FileTree.refresh(this.path, LOCK);
		try {
			this.lock.write(ByteBuffer.allocate(1), 0);
			this.lock.read(ByteBuffer.allocate(1), 0);
		}
		catch (IOException ex) {
			// Tried again the next time
		}
	}

	/**
	 * Returns what a worker needs of the folder and does not find.
	 * @return the path of what somebody has deleted, or empty
	 */
	public Optional<Path> missing() {
		return Stream.of(control(), this.path.resolve(LOCK)).filter(Files::notExists).findFirst();
	}

	/**
	 * Keeps the folder from being taken for abandoned for as long as a worker lives: it
	 * may still read from a snapshot in it when the master has died.
	 * @throws IOException if the folder is not there
	 */
	public static Closeable hold(Path control) throws IOException {
		FileChannel channel = FileChannel.open(control.resolveSibling(LOCK), StandardOpenOption.READ,
				StandardOpenOption.WRITE);
		try {
			channel.lock(WORKERS_LOCK, 1, true);
			return channel;
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * Deletes the folder of a master that has died, from one of its workers that has
	 * given it free. If others have not, the last of them deletes it.
	 */
	public static void deleteAbandonedBy(Path control) {
		Path directory = control.getParent();
		if (directory != null && AbandonedDirectory.isAbandoned(directory)) {
			AbandonedDirectory.delete(directory);
		}
	}

	/**
	 * Deletes the folder with all that is in it.
	 */
	@Override
	public void close() {
		AbandonedDirectory.delete(this.path);
		try {
			this.lock.close();
		}
		catch (IOException ex) {
			// The process' end releases it
		}
	}

}
