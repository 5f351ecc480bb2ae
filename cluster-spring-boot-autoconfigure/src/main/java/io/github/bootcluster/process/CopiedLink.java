package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;

import io.github.bootcluster.file.FileTree;

/**
 * Symbolic link of a snapshot to what is not copied.
 *
 * @param target where the link leads to
 * @param copy the path of the link, relative to the snapshot's folder
 */
record CopiedLink(Path target, Path copy) {

	boolean isThere(Path directory) {
		return Files.exists(directory.resolve(this.copy), LinkOption.NOFOLLOW_LINKS);
	}

	/**
	 * Makes the link, which needs no comparison: it leads to what is there now, as it did
	 * before.
	 */
	void make(Path directory) throws IOException {
		Path link = directory.resolve(this.copy);
		Path folder = link.getParent();
		if (folder != null) {
			FileTree.createDirectories(folder);
		}
		Files.createSymbolicLink(link, this.target);
	}

}
