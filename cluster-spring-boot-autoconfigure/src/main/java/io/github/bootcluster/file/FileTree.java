package io.github.bootcluster.file;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Makes, refreshes and deletes files that are the owner's alone until they are shared.
 */
public final class FileTree {

	private static final FileAttribute<?> DIRECTORY = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

	private static final FileAttribute<?> FILE = PosixFilePermissions
		.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

	private static final Set<PosixFilePermission> SHARED_DIRECTORY = PosixFilePermissions.fromString("rwxr-x---");

	private static final Set<PosixFilePermission> SHARED_FILE = PosixFilePermissions.fromString("rw-r-----");

	/**
	 * Between two pieces a copy notices that it is not wanted any more.
	 */
	private static final long PIECE = 16 * 1024 * 1024;

	private FileTree() {
	}

	/**
	 * Creates a folder, and those on the way to it that are missing.
	 * @throws IOException if that cannot be done
	 */
	public static void createDirectories(Path directory) throws IOException {
		Files.createDirectories(directory, DIRECTORY);
	}

	/**
	 * Copies a file with its time of modification, which archives of classes and HTTP
	 * caches go by. The kernel does the work where it can.
	 * @throws IOException if that cannot be done
	 */
	public static void copy(Path source, Path target) throws IOException {
		Path folder = target.getParent();
		if (folder != null) {
			createDirectories(folder);
		}
		try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ);
				FileChannel to = FileChannel.open(target,
						Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE)) {
			transfer(from, to, (folder != null) ? folder : target);
		}
		Files.setLastModifiedTime(target, Files.getLastModifiedTime(source));
	}

	private static void transfer(FileChannel from, FileChannel to, Path folder) throws IOException {
		long position = 0;
		try {
			long copied = from.transferTo(position, PIECE, to);
			while (copied > 0) {
				position += copied;
				copied = from.transferTo(position, PIECE, to);
			}
		}
		catch (ClosedByInterruptException ex) {
			throw ex;
		}
		catch (IOException ex) {
			throw FreeSpace.explain(ex, folder, from.size() - position);
		}
	}

	/**
	 * Lets a group read files that are the owner's alone so far, and nobody write them.
	 * @throws IOException if that cannot be done
	 */
	public static void share(Path tree, int gid) throws IOException {
		try (Stream<Path> files = Files.walk(tree)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				if (!Files.isSymbolicLink(file)) {
					Files.setAttribute(file, "unix:gid", gid, LinkOption.NOFOLLOW_LINKS);
					Files.setPosixFilePermissions(file, Files.isDirectory(file) ? SHARED_DIRECTORY : SHARED_FILE);
				}
			}
		}
	}

	/**
	 * Gives all files of a folder fresh time stamps, so that no cleaner of temporary
	 * files takes them for forgotten. Files keep their time of modification, folders do
	 * not.
	 */
	public static void refresh(Path tree, String except) {
		FileTime now = FileTime.from(Instant.now());
		try (Stream<Path> files = Files.walk(tree)) {
			files.filter((file) -> !file.equals(tree.resolve(except))).forEach((file) -> refresh(file, now));
		}
		catch (IOException | UncheckedIOException ex) {
			// What has gone meanwhile needs no time stamps
		}
	}

	private static void refresh(Path file, FileTime now) {
		boolean directory = Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS);
		if (directory || Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(file)) {
			try {
				Files.getFileAttributeView(file, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
					.setTimes(directory ? now : null, now, null);
			}
			catch (IOException ex) {
				// The next file may be there
			}
		}
	}

	/**
	 * Deletes a file, or a folder with all that is in it. Symbolic links are not
	 * followed, and what is mounted in the folder stays. What cannot be deleted is left.
	 * @param tree the file or folder, which need not exist
	 */
	public static void delete(Path tree, String... last) {
		if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
			return;
		}
		try {
			new TreeDeletion(List.of(last)).delete(tree);
		}
		catch (IOException ex) {
			// The folder that it lies in is deleted by the next master
		}
	}

}
