package io.github.bootcluster.file;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Thrown when another account could change what lies in a folder.
 */
public final class UntrustedFolderException extends IOException {

	private final Path folder;

	UntrustedFolderException(Path folder, Ownership ownership, String problem) {
		super("'%s' belongs to '%s' and has the mode %s: %s".formatted(folder, ownership.owner(), ownership.octalMode(),
				problem));
		this.folder = folder;
	}

	/**
	 * Returns the folder that is to blame.
	 * @return the folder itself, one on the way to it, or a symbolic link
	 */
	public Path getFolder() {
		return this.folder;
	}

	/**
	 * Returns what would be right.
	 */
	public String getAllowed() {
		return "The folder, and each one on the way to it, has to belong to root or to the account of this process, "
				+ "and may be written by no other account unless it has the sticky bit, as /tmp has (mode 1777).";
	}

}
