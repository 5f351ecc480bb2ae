package io.github.bootcluster.master;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;

import io.github.bootcluster.file.FolderTrust;
import io.github.bootcluster.file.UntrustedFolderException;
import io.github.bootcluster.file.WriteFailures;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * File that holds the master's process id while it runs. It comes into being whole, and
 * only if no other master is named there: a master that replaces the file of a dead one
 * holds a lock on it, so that only one of two succeeds. No symbolic link is followed.
 */
final class PidFile implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(PidFile.class);

	/**
	 * No more than a number and a line feed.
	 */
	private static final int MAX_BYTES = 32;

	/**
	 * How much later than the file a process may seem to have been started that wrote it:
	 * the kernel's clock ticks only so often, and is not the file system's.
	 */
	private static final Duration TOLERANCE = Duration.ofSeconds(2);

	private static final int ATTEMPTS = 50;

	private static final Duration PAUSE = Duration.ofMillis(20);

	private final Path path;

	private final long pid;

	private PidFile(Path path, long pid) {
		this.path = path;
		this.pid = pid;
	}

	/**
	 * Writes the file for this process.
	 * @param path where to put it
	 */
	static PidFile write(Path path) {
		return write(path, ProcessHandle.current().pid());
	}

	/**
	 * Sees to it that no other account can have this process write and delete elsewhere,
	 * or can exchange the number, which others may send a signal to.
	 * @param path where to put the file
	 */
	static void requireTrusted(Path path) {
		Path absolute = path.toAbsolutePath();
		try {
			FolderTrust.trustingGroups().check(Objects.requireNonNullElse(absolute.getParent(), absolute));
		}
		catch (UntrustedFolderException ex) {
			throw new PidFileException(absolute, ex.getMessage() + ". " + ex.getAllowed().replaceFirst("\\.$", ""), ex);
		}
		catch (IOException ex) {
			throw new PidFileException(absolute, WriteFailures.describe(ex), ex);
		}
	}

	static PidFile write(Path path, long pid) {
		Path absolute = path.toAbsolutePath();
		PidFile file = new PidFile(absolute, pid);
		try {
			file.create();
		}
		catch (IOException ex) {
			throw new PidFileException(absolute, WriteFailures.describe(ex), ex);
		}
		logger.info("Wrote process id %d to '%s'".formatted(pid, absolute));
		return file;
	}

	private void create() throws IOException {
		Path name = this.path.getFileName();
		if (name == null) {
			throw new PidFileException(this.path, "it is a folder", null);
		}
		Path draft = this.path.resolveSibling(".%s.%d".formatted(name, this.pid));
		Files.deleteIfExists(draft);
		try {
			Files.writeString(draft, this.pid + "\n", StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
			for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
				BasicFileAttributes there = attributes();
				if ((there != null) ? replace(draft, there) : publish(draft)) {
					return;
				}
				Thread.sleep(PAUSE.toMillis());
			}
			throw new PidFileException(this.path, "another process writes it all the time", null);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new PidFileException(this.path, "the wait for another process was interrupted", ex);
		}
		finally {
			Files.deleteIfExists(draft);
		}
	}

	private @Nullable BasicFileAttributes attributes() throws IOException {
		try {
			return Files.readAttributes(this.path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
		}
		catch (NoSuchFileException ex) {
			return null;
		}
	}

	/**
	 * Gives the draft its name if nothing has that name.
	 */
	private boolean publish(Path draft) throws IOException {
		try {
			Files.createLink(this.path, draft);
			return true;
		}
		catch (FileAlreadyExistsException ex) {
			return false;
		}
		catch (UnsupportedOperationException | FileSystemException ex) {
			logger.debug("No hard link can be made beside '%s': %s".formatted(this.path, ex));
		}
		try {
			Files.writeString(this.path, Files.readString(draft), StandardOpenOption.CREATE_NEW,
					StandardOpenOption.WRITE);
			return true;
		}
		catch (FileAlreadyExistsException ex) {
			return false;
		}
	}

	/**
	 * Puts the draft in the place of a file that a dead master has left behind.
	 */
	private boolean replace(Path draft, BasicFileAttributes there) throws IOException {
		if (!there.isRegularFile() || there.size() > MAX_BYTES) {
			throw new PidFileException(this.path,
					there.isSymbolicLink() ? "it is a symbolic link, which is not followed"
							: "there is something of this name that is no pid file",
					null);
		}
		try (FileChannel channel = FileChannel.open(this.path,
				Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS));
				FileLock lock = lock(channel)) {
			BasicFileAttributes now = attributes();
			if (lock == null || now == null || !Objects.equals(now.fileKey(), there.fileKey())) {
				return false;
			}
			requireStale(read(channel), now.lastModifiedTime());
			Files.move(draft, this.path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
			return true;
		}
		catch (NoSuchFileException ex) {
			return false;
		}
	}

	private static @Nullable FileLock lock(FileChannel channel) throws IOException {
		try {
			return channel.tryLock();
		}
		catch (OverlappingFileLockException ex) {
			return null;
		}
	}

	private static String read(FileChannel channel) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(MAX_BYTES);
		channel.read(buffer, 0);
		return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8).trim();
	}

	/**
	 * Sees to it that a file's content stands for no master that lives.
	 * @param content the content, which is empty if the system broke down as it was
	 * written
	 */
	private void requireStale(String content, FileTime writtenAt) {
		if (content.isEmpty()) {
			return;
		}
		if (!content.matches("\\d{1,18}")) {
			throw new PidFileException(this.path, "there is a file of this name that holds no process id", null);
		}
		long other = Long.parseLong(content);
		if (isWriter(other, writtenAt)) {
			throw new PidFileException(this.path, other);
		}
		logger.info("'%s' names process %d, which is no master any more".formatted(this.path, other));
	}

	/**
	 * Tells whether a process may be the one that has written its id. One that began
	 * later just has the same id, as has this process in a container that was started
	 * anew.
	 */
	private boolean isWriter(long other, FileTime writtenAt) {
		return other != this.pid && ProcessHandle.of(other)
			.filter(ProcessHandle::isAlive)
			.filter((process) -> process.info()
				.startInstant()
				.map((start) -> start.minus(TOLERANCE).isBefore(writtenAt.toInstant()))
				.orElse(true))
			.isPresent();
	}

	/**
	 * Deletes the file, unless somebody has put another one in its place.
	 */
	@Override
	public void close() {
		try {
			BasicFileAttributes there = attributes();
			if (there != null && there.isRegularFile() && there.size() <= MAX_BYTES
					&& Files.readString(this.path).trim().equals(String.valueOf(this.pid))) {
				Files.delete(this.path);
			}
		}
		catch (IOException ex) {
			logger.warn("The pid file '%s' cannot be deleted: %s".formatted(this.path, WriteFailures.describe(ex)));
		}
	}

}
