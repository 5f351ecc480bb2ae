package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;

import io.github.bootcluster.file.FileTree;
import io.github.bootcluster.file.FreeSpace;
import io.github.bootcluster.file.NoSpaceException;
import org.jspecify.annotations.Nullable;

/**
 * Private copy of an application as it was at one moment: nothing that happens to the
 * original afterwards reaches those who run the copy. Every byte is copied; a hard link
 * would change with the file that it links to.
 * <p>
 * Copied are the JAR and, so that an extracted application keeps working, what the
 * {@code Class-Path} of its manifest names relative to it; both lie to each other as
 * before. What it names absolutely is not copied, and found where it always was. What is
 * missing is left out: the JVM leaves it out, too.
 */
public final class ApplicationSnapshot {

	/**
	 * Package of Spring Boot's launchers, which read JARs that lie in a JAR.
	 */
	private static final String LAUNCHERS = "org.springframework.boot.loader.";

	private static final int ATTEMPTS = 5;

	private static final Duration PAUSE = Duration.ofMillis(200);

	private final Path jar;

	private final Path directory;

	private final List<CopiedFile> files;

	private final List<CopiedLink> links;

	private final @Nullable WorkerAccount readers;

	private ApplicationSnapshot(Path directory, Copies copies, @Nullable WorkerAccount readers) {
		// The JAR itself comes first
		this.jar = directory.resolve(copies.files().get(0).copy());
		this.directory = directory;
		this.files = List.copyOf(copies.files());
		this.links = List.copyOf(copies.links());
		this.readers = readers;
	}

	/**
	 * Takes a snapshot. The path is looked up anew each time, so that a symbolic link
	 * leads to what it names now. The snapshot is whole: the files were the same before
	 * and after they were copied, each entry of the JAR has the checksum that the JAR
	 * says it has, and its main class is there. If a file changes meanwhile there are a
	 * few more attempts. A thread that waits for it may interrupt it.
	 * @param directory the folder to make, which must not exist yet; it appears as a
	 * whole or not at all
	 * @param readers the account that may read it, or {@code null} for none but the owner
	 * @throws SnapshotException if there can be none
	 */
	public static ApplicationSnapshot take(Path jar, Path directory, @Nullable WorkerAccount readers) {
		return take(jar, directory, readers, () -> {
		});
	}

	/**
	 * Takes a snapshot.
	 * @param readers the account that may read it, or {@code null} for none but the owner
	 * @param copied is run each time when the files are copied and not yet compared
	 */
	static ApplicationSnapshot take(Path jar, Path directory, @Nullable WorkerAccount readers, Runnable copied) {
		Path unfinished = directory.resolveSibling("." + directory.getFileName());
		try {
			for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
				FileTree.delete(unfinished);
				FileTree.createDirectories(unfinished);
				Copies copies = attempt(jar.toRealPath(), unfinished, copied);
				if (copies != null) {
					if (readers != null) {
						FileTree.share(unfinished, readers.gid());
					}
					Files.move(unfinished, directory);
					return new ApplicationSnapshot(directory, copies, readers);
				}
			}
			throw new SnapshotException(jar, "it is being written");
		}
		catch (InvalidJarException ex) {
			throw new SnapshotException(jar, ex.problem(), ex);
		}
		catch (InterruptedException | ClosedByInterruptException ex) {
			Thread.currentThread().interrupt();
			throw new SnapshotException(jar, "the attempt was interrupted", ex);
		}
		catch (IOException ex) {
			throw new SnapshotException(jar, describe(ex, jar, directory), ex);
		}
		finally {
			FileTree.delete(unfinished);
		}
	}

	private static @Nullable Copies attempt(Path jar, Path directory, Runnable copied)
			throws IOException, InterruptedException {
		FileStamp before = FileStamp.of(jar);
		try {
			ApplicationFiles files = ApplicationFiles.of(jar);
			Path copy = files.copyTo(directory);
			copied.run();
			if (!files.isUnchanged() || !before.equals(FileStamp.of(jar))) {
				TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
				return null;
			}
			JarCheck.check(copy, files.copies(directory));
			return new Copies(files.describe(directory), files.links(directory));
		}
		catch (InvalidJarException ex) {
			// It may still be written
			TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
			if (before.equals(FileStamp.of(jar))) {
				throw ex;
			}
			return null;
		}
	}

	static String describe(IOException ex, Path jar, Path directory) {
		String file = (ex instanceof FileSystemException failure) ? String.valueOf(failure.getFile()) : "";
		boolean writing = file.startsWith(String.valueOf(directory.getParent()));
		if (ex instanceof NoSuchFileException) {
			return file.equals(jar.toString()) ? "it does not exist" : "'%s' does not exist".formatted(file);
		}
		if (ex instanceof AccessDeniedException) {
			return writing ? "the account of this process may not write to '%s'".formatted(directory.getParent())
					: "the account of this process may not read '%s'".formatted(file);
		}
		if (ex instanceof NoSpaceException || writing && FreeSpace.isLess(directory, 1)) {
			return "there is not enough space for a copy in '%s'".formatted(directory.getParent());
		}
		return "it cannot be copied to '%s': %s".formatted(directory.getParent(), ex.getMessage());
	}

	/**
	 * Returns the copy of the JAR.
	 */
	public Path jar() {
		return this.jar;
	}

	/**
	 * Returns what the copy of the JAR was made from.
	 */
	public Path original() {
		return this.files.get(0).original();
	}

	/**
	 * Returns the size of the JAR.
	 * @return the number of bytes
	 */
	public long size() {
		return this.files.get(0).size();
	}

	/**
	 * Returns the SHA-256 digest of the content, in hexadecimal digits: that of the JAR
	 * or, if there are more files, that of their paths and digests.
	 */
	String digest() {
		if (this.files.size() == 1) {
			return this.files.get(0).digest();
		}
		MessageDigest digest = CopiedFile.sha256();
		for (CopiedFile file : this.files) {
			digest.update("%s %s\n".formatted(file.digest(), file.copy()).getBytes(StandardCharsets.UTF_8));
		}
		return HexFormat.of().formatHex(digest.digest());
	}

	/**
	 * Tells whether the JVM itself finds all classes, in JARs that lie in the snapshot.
	 * @throws IOException if the JAR cannot be read
	 */
	boolean isFlat() throws IOException {
		Attributes manifest = JarCheck.manifest(this.jar);
		return !manifest.getValue(Attributes.Name.MAIN_CLASS).startsWith(LAUNCHERS)
				&& ApplicationFiles.classPath(manifest).noneMatch(ApplicationFiles::isAbsolute) && this.links.isEmpty()
				&& this.files.stream().allMatch((file) -> file.copy().toString().endsWith(".jar"));
	}

	/**
	 * Copies all files, with their times.
	 * @return the copy of the JAR
	 * @throws IOException if that fails
	 */
	Path copyTo(Path folder) throws IOException {
		for (CopiedFile file : this.files) {
			FileTree.copy(this.directory.resolve(file.copy()), folder.resolve(file.copy()));
		}
		return folder.resolve(this.files.get(0).copy());
	}

	/**
	 * Returns when the original was written to last, as far as the copy knows.
	 */
	public Instant modified() {
		return Instant.ofEpochMilli(this.files.get(0).modified());
	}

	/**
	 * Tells whether all files are there: a cleaner of temporary files may have deleted
	 * some.
	 */
	public boolean isComplete() {
		return this.files.stream().allMatch((file) -> file.isThere(this.directory))
				&& this.links.stream().allMatch((link) -> link.isThere(this.directory));
	}

	/**
	 * Makes those files anew that have been deleted, from what they were copied from.
	 * @throws IOException if that is not the same any more, or cannot be copied
	 */
	public void restore() throws IOException {
		for (CopiedFile file : this.files) {
			if (!file.isThere(this.directory)) {
				file.restore(this.directory);
			}
		}
		for (CopiedLink link : this.links) {
			if (!link.isThere(this.directory)) {
				link.make(this.directory);
			}
		}
		if (this.readers != null) {
			FileTree.share(this.directory, this.readers.gid());
		}
	}

	/**
	 * Deletes the snapshot. What cannot be deleted is left.
	 */
	public void delete() {
		FileTree.delete(this.directory);
	}

	private record Copies(List<CopiedFile> files, List<CopiedLink> links) {

	}

}
