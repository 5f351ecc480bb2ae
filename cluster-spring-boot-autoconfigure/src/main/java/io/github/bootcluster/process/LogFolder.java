package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import io.github.bootcluster.file.FileTree;
import io.github.bootcluster.file.FolderTrust;
import io.github.bootcluster.file.UntrustedFolderException;
import io.github.bootcluster.file.WriteFailures;

/**
 * Folder of the workers' logs. It survives the master, and what lies in it already stays.
 */
public final class LogFolder {

	private LogFolder() {
	}

	/**
	 * Sees to it that a process of root's that serves others writes no logs where another
	 * account can lead it to other files: what workers print would get there.
	 * @throws LogFolderException if another account could do that
	 */
	public static void requireTrusted(Path directory) {
		try {
			FolderTrust.trustingGroups().check(directory);
		}
		catch (UntrustedFolderException ex) {
			throw new LogFolderException(directory, ex.getMessage() + ". " + ex.getAllowed().replaceFirst("\\.$", ""),
					ex);
		}
		catch (IOException ex) {
			throw new LogFolderException(directory, WriteFailures.describe(ex), ex);
		}
	}

	/**
	 * Sees to it that there is a folder that can be written to. One that has to be made
	 * is its owner's alone.
	 * @throws LogFolderException if there cannot be
	 */
	public static void prepare(Path directory) {
		try {
			FileTree.createDirectories(directory);
		}
		catch (IOException ex) {
			throw new LogFolderException(directory, WriteFailures.describe(ex), ex);
		}
		if (!Files.isWritable(directory)) {
			throw new LogFolderException(directory, "the account of this process may not write there", null);
		}
	}

}
