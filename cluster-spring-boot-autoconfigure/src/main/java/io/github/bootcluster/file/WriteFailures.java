package io.github.bootcluster.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/**
 * Says why something could not be written. The messages of {@link FileSystemException}s
 * name a file, and most of them nothing else.
 */
public final class WriteFailures {

	private WriteFailures() {
	}

	/**
	 * Returns the reason of a failure, a phrase that goes on after a colon.
	 */
	public static String describe(IOException failure) {
		if (failure instanceof AccessDeniedException) {
			return "the account of this process may not write there";
		}
		if (failure instanceof NoSuchFileException) {
			return "its folder does not exist";
		}
		if (failure instanceof FileAlreadyExistsException) {
			return "a file of this name exists that is not a folder";
		}
		String reason = (failure instanceof FileSystemException ofFiles) ? ofFiles.getReason() : failure.getMessage();
		return (reason != null) ? reason : failure.toString();
	}

}
