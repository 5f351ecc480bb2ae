package io.github.bootcluster.file;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

import org.jspecify.annotations.Nullable;

/**
 * Tells, once writing has failed, whether the file system is full. Java does not give the
 * number of the error, and its text depends on the language of the system.
 */
public final class FreeSpace {

	private FreeSpace() {
	}

	/**
	 * Tells whether so much does not fit.
	 * @param folder a folder of the file system, or one that is missing in it
	 * @param bytes what is to be written
	 */
	public static boolean isLess(Path folder, long bytes) {
		try {
			FileStore store = Files.getFileStore(existing(folder));
			return store.getUsableSpace() < wholeBlocks(bytes, store.getBlockSize());
		}
		catch (IOException | UnsupportedOperationException ex) {
			return false;
		}
	}

	/**
	 * Explains a failure.
	 * @param bytes what was still to be written
	 * @return a {@link NoSpaceException} if there is less space, or else the failure
	 */
	static IOException explain(IOException failure, Path folder, long bytes) {
		return isLess(folder, bytes) ? new NoSpaceException(folder, failure) : failure;
	}

	private static Path existing(Path folder) {
		@Nullable Path next = folder.toAbsolutePath();
		while (next.getParent() != null && !Files.exists(next)) {
			next = next.getParent();
		}
		return next;
	}

	private static long wholeBlocks(long bytes, long block) {
		return (bytes + block - 1) / block * block;
	}

}
