package io.github.bootcluster.file;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Deletes one folder with what is in it. It follows no symbolic link, not even one that
 * takes a folder's place meanwhile, and leaves what is mounted in the folder.
 */
final class TreeDeletion {

	private final MountPoints mounts = MountPoints.read();

	private final List<String> last;

	private boolean complete = true;

	/**
	 * Creates a deletion.
	 * @param last the names of the files in the folder that are deleted after all others,
	 * and only if all others could be
	 */
	TreeDeletion(List<String> last) {
		this.last = last;
	}

	/**
	 * Deletes a file, or a folder with what is in it.
	 * @param tree the file or folder
	 */
	boolean delete(Path tree) throws IOException {
		Path name = tree.getFileName();
		Path parent = tree.toAbsolutePath().getParent();
		if (name == null || parent == null) {
			return false;
		}
		Path real = parent.toRealPath();
		try (DirectoryStream<Path> folder = Files.newDirectoryStream(real)) {
			if (!(folder instanceof SecureDirectoryStream<Path> secure)) {
				deleteByPaths(tree);
				return true;
			}
			delete(secure, name, real.resolve(name), this.last);
		}
		return this.complete;
	}

	/**
	 * Deletes a folder where the system can do so by paths only.
	 */
	private static void deleteByPaths(Path tree) throws IOException {
		try (Stream<Path> files = Files.walk(tree)) {
			for (Path file : (Iterable<Path>) files.sorted(Comparator.reverseOrder())::iterator) {
				Files.deleteIfExists(file);
			}
		}
	}

	private void delete(SecureDirectoryStream<Path> folder, Path name, Path path, List<String> keptBack) {
		try {
			if (this.mounts.contain(path)) {
				this.complete = false;
			}
			else if (isFolder(folder, name)) {
				try (SecureDirectoryStream<Path> content = folder.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
					deleteContent(content, path, keptBack);
				}
				if (this.complete) {
					folder.deleteDirectory(name);
				}
			}
			else {
				folder.deleteFile(name);
			}
		}
		catch (NoSuchFileException ex) {
			// Somebody else was faster
		}
		catch (IOException | DirectoryIteratorException ex) {
			this.complete = false;
		}
	}

	private void deleteContent(SecureDirectoryStream<Path> content, Path path, List<String> keptBack) {
		for (Path entry : content) {
			Path name = entry.getFileName();
			if (name != null && !keptBack.contains(name.toString())) {
				delete(content, name, path.resolve(name), List.of());
			}
		}
		for (String name : keptBack) {
			if (this.complete) {
				delete(content, Path.of(name), path.resolve(name), List.of());
			}
		}
	}

	private static boolean isFolder(SecureDirectoryStream<Path> folder, Path name) throws IOException {
		return folder.getFileAttributeView(name, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
			.readAttributes()
			.isDirectory();
	}

}
