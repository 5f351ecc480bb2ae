package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import io.github.bootcluster.file.FileTree;
import io.github.bootcluster.file.Marker;

/**
 * Folder of a master that nobody needs any more.
 *
 * @see SocketDirectory
 */
final class AbandonedDirectory {

	private AbandonedDirectory() {
	}

	/**
	 * Deletes the folders that killed masters of this account left.
	 */
	static void deleteAll(Path base, String prefix) throws IOException {
		try (DirectoryStream<Path> candidates = Files.newDirectoryStream(base, prefix + "*")) {
			for (Path candidate : candidates) {
				if (isAbandoned(candidate)) {
					delete(candidate);
				}
			}
		}
	}

	/**
	 * Tells whether a folder is a master's, and nobody holds its lock. Somebody else's
	 * might change under the hands of root, and lead it to files that are none of its
	 * business.
	 */
	static boolean isAbandoned(Path candidate) {
		Path lockFile = candidate.resolve(SocketDirectory.LOCK);
		if (!Marker.isOn(candidate) || !Files.isRegularFile(lockFile, LinkOption.NOFOLLOW_LINKS)
				|| !Files.isWritable(lockFile)) {
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
	 * Deletes a folder with all that is in it. The lock and the marker go last: what
	 * cannot be deleted now is deleted by the next master, who knows the folder by them.
	 */
	static void delete(Path directory) {
		FileTree.delete(directory, SocketDirectory.LOCK, Marker.NAME);
	}

}
