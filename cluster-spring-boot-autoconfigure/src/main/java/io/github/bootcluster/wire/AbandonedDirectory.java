package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

import org.jspecify.annotations.Nullable;

/**
 * Folder of a master that nobody needs any more.
 *
 * @see SocketDirectory
 */
final class AbandonedDirectory {

	private static final Path PROCESS = Path.of("/proc/self");

	private AbandonedDirectory() {
	}

	/**
	 * Deletes the folders that killed masters of this account left.
	 * @param base the folder that they lie in
	 * @param prefix what their names begin with
	 * @throws IOException if they cannot be listed
	 */
	static void deleteAll(Path base, String prefix) throws IOException {
		try (DirectoryStream<Path> candidates = Files.newDirectoryStream(base, prefix + "*")) {
			for (Path candidate : candidates) {
				if (isOwn(candidate) && isAbandoned(candidate)) {
					delete(candidate);
				}
			}
		}
	}

	/**
	 * Tells whether a folder is of this process's account. Somebody else's might change
	 * under the hands of root, and lead it to files that are none of its business.
	 * @param candidate the folder
	 * @return whether it may be deleted, which is so where the system does not tell
	 */
	private static boolean isOwn(Path candidate) {
		try {
			return !Files.exists(PROCESS)
					|| Files.getOwner(candidate, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(PROCESS));
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Tells whether nobody holds the lock of a folder.
	 * @param candidate the folder
	 * @return whether its master and its workers have all ended
	 */
	static boolean isAbandoned(Path candidate) {
		Path lockFile = candidate.resolve(SocketDirectory.LOCK);
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

	/**
	 * Deletes a folder with all that is in it; what a symbolic link leads to stays. The
	 * lock goes last: what cannot be deleted now is deleted by the next master, who knows
	 * the folder by it.
	 * @param directory the folder
	 */
	static void delete(Path directory) {
		try {
			Files.walkFileTree(directory, new Deletion(directory.resolve(SocketDirectory.LOCK)));
			Files.deleteIfExists(directory.resolve(SocketDirectory.LOCK));
			Files.deleteIfExists(directory);
		}
		catch (IOException ex) {
			// Left to the next master
		}
	}

	private static final class Deletion extends SimpleFileVisitor<Path> {

		private final Path last;

		private Deletion(Path last) {
			this.last = last;
		}

		@Override
		public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
			if (!file.equals(this.last)) {
				Files.deleteIfExists(file);
			}
			return FileVisitResult.CONTINUE;
		}

		@Override
		public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
			if (failure instanceof NoSuchFileException) {
				return FileVisitResult.CONTINUE;
			}
			throw failure;
		}

		@Override
		public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failure) throws IOException {
			if (!directory.equals(this.last.getParent())) {
				Files.deleteIfExists(directory);
			}
			return FileVisitResult.CONTINUE;
		}

	}

}
