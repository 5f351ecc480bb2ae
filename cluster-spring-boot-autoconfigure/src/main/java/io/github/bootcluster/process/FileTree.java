package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Makes and deletes files that are the owner's alone until they are shared.
 */
final class FileTree {

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

	static void createDirectories(Path directory) throws IOException {
		Files.createDirectories(directory, DIRECTORY);
	}

	/**
	 * Copies a file with its time of modification, which archives of classes go by. The
	 * kernel does the work where it can.
	 * @param source the file
	 * @param target the file to make
	 * @throws IOException if that cannot be done
	 */
	static void copy(Path source, Path target) throws IOException {
		Path folder = target.getParent();
		if (folder != null) {
			createDirectories(folder);
		}
		try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ);
				FileChannel to = FileChannel.open(target,
						Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), FILE)) {
			long position = 0;
			long copied = from.transferTo(position, PIECE, to);
			while (copied > 0) {
				position += copied;
				copied = from.transferTo(position, PIECE, to);
			}
		}
		Files.setLastModifiedTime(target, Files.getLastModifiedTime(source));
	}

	/**
	 * Lets a group read files that are the owner's alone so far, and nobody write them.
	 * @param tree the folder; what symbolic links in it lead to stays as it is
	 * @param gid the number of the group
	 * @throws IOException if that cannot be done
	 */
	static void share(Path tree, int gid) throws IOException {
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
	 * Deletes a file, or a folder with all that is in it; what a symbolic link leads to
	 * stays. What cannot be deleted is left.
	 * @param tree the file or folder, which need not exist
	 */
	static void delete(Path tree) {
		if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
			return;
		}
		try {
			Files.walkFileTree(tree, new Deletion());
		}
		catch (IOException ex) {
			// The folder that it lies in is deleted by the next master
		}
	}

	private static final class Deletion extends SimpleFileVisitor<Path> {

		@Override
		public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
			Files.deleteIfExists(file);
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
			Files.deleteIfExists(directory);
			return FileVisitResult.CONTINUE;
		}

	}

}
