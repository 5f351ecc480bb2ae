package io.github.bootcluster.process;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

import io.github.bootcluster.file.FileTree;
import io.github.bootcluster.file.FolderTrust;
import org.jspecify.annotations.Nullable;

/**
 * Folder that outlives masters: applications as they are laid out for a fast start, each
 * by its content, with the archives of the classes that their JVMs have loaded. Masters
 * that run the same content share it. What no master uses any more is dropped when the
 * folder grows too large, the longest unused first.
 * <p>
 * An archive of classes is code: the folder and each one on the way to it must not be
 * open to any other account.
 */
public final class ArchiveCache implements Closeable {

	private static final String LOCK = ".lock";

	private static final Duration ABANDONED = Duration.ofHours(1);

	private final Path folder;

	private final long maxSize;

	private final int release;

	private final Consumer<String> problems;

	/**
	 * Locks of the layouts that this process uses, which nobody may drop.
	 */
	private final Map<Path, FileChannel> locks = new ConcurrentHashMap<>();

	/**
	 * The layouts that this process uses, or still writes an archive for.
	 */
	private final Map<Path, ApplicationLayout> layouts = new ConcurrentHashMap<>();

	private ArchiveCache(Path folder, long maxSize, int release, Consumer<String> problems) {
		this.folder = folder;
		this.maxSize = maxSize;
		this.release = release;
		this.problems = problems;
	}

	/**
	 * Opens the folder, and creates it if it is missing.
	 * @param maxSize how many bytes may lie there before what is not used is dropped
	 * @param problems is told why workers start slower than they could
	 * @throws IOException if it cannot be created, or another account could change what
	 * lies there
	 */
	public static ArchiveCache open(Path folder, long maxSize, Consumer<String> problems) throws IOException {
		return open(folder, maxSize, Runtime.version().feature(), problems);
	}

	static ArchiveCache open(Path folder, long maxSize, int release, Consumer<String> problems) throws IOException {
		Path absolute = folder.toAbsolutePath();
		FolderTrust.strict().check(absolute);
		FileTree.createDirectories(absolute);
		FolderTrust.strict().check(absolute);
		return new ArchiveCache(absolute, maxSize, release, problems);
	}

	/**
	 * Returns the folder of all layouts.
	 */
	public Path folder() {
		return this.folder;
	}

	/**
	 * Lays an application out, unless it is so already. It takes about a second.
	 * @param java the launcher that workers are started with
	 * @return the layout, or {@code null} if the application has to run as it is
	 * @throws IOException if it cannot be laid out
	 */
	public @Nullable ApplicationLayout layOut(ApplicationSnapshot snapshot, String java) throws IOException {
		boolean flat = snapshot.isFlat();
		if (!flat && !JarExtraction.isPossible(snapshot.jar())) {
			return null;
		}
		Path layout = this.folder.resolve(name(snapshot));
		lock(layout);
		sweep(this.folder, ".*");
		sweep(layout, LayoutArchives.DRAFTS);
		ApplicationLayout used = this.layouts.get(layout);
		if (used != null && used.isComplete()) {
			used.archives().check();
			return used;
		}
		ApplicationLayout known = ApplicationLayout.find(layout, this.release, this.problems);
		if (known != null) {
			known.archives().check();
			this.layouts.put(layout, known);
			return known;
		}
		makeRoom();
		Path draft = Files.createTempDirectory(this.folder, ".");
		try {
			Path jar = flat ? snapshot.copyTo(draft)
					: JarExtraction.extract(java, snapshot.jar(), draft, snapshot.modified());
			ApplicationLayout.describe(draft, jar);
			// One that is damaged, or that another master has made meanwhile
			FileTree.delete(layout);
			Files.move(draft, layout);
		}
		finally {
			FileTree.delete(draft);
		}
		ApplicationLayout made = ApplicationLayout.find(layout, this.release, this.problems);
		if (made == null) {
			throw new IOException("'%s' is not complete".formatted(layout));
		}
		this.layouts.put(layout, made);
		return made;
	}

	private static String name(ApplicationSnapshot snapshot) {
		// The time as well: web servers tell it clients of what lies in the JAR
		return "%s-%s-%x".formatted(snapshot.jar().getFileName(), snapshot.digest().substring(0, 32),
				snapshot.modified().getEpochSecond());
	}

	/**
	 * Keeps others from dropping a layout, and takes note that it is used.
	 */
	private void lock(Path layout) throws IOException {
		if (this.locks.containsKey(layout)) {
			return;
		}
		Path file = lockFile(layout);
		FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ,
				StandardOpenOption.WRITE);
		try {
			channel.lock(0, Long.MAX_VALUE, true);
			Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
			this.locks.put(layout, channel);
		}
		catch (IOException | RuntimeException ex) {
			channel.close();
			throw ex;
		}
	}

	/**
	 * Leaves all layouts but some to others, and those that an archive is still written
	 * for.
	 */
	public void retain(Collection<ApplicationLayout> used) {
		this.layouts.values().removeIf((layout) -> !used.contains(layout) && !layout.archives().isPending());
		this.locks.entrySet().removeIf((lock) -> !this.layouts.containsKey(lock.getKey()) && unlock(lock.getValue()));
	}

	/**
	 * Lets the archives be finished that are being written. All workers must have ended.
	 * @return whether it did not take longer than the limit
	 */
	public boolean finish(Duration limit) {
		long end = System.nanoTime() + limit.toNanos();
		return this.layouts.values()
			.stream()
			.allMatch((layout) -> layout.archives().awaitWritten(Duration.ofNanos(end - System.nanoTime())));
	}

	private static boolean unlock(FileChannel lock) {
		try {
			lock.close();
		}
		catch (IOException ex) {
			// The lock ends with this process
		}
		return true;
	}

	private static Path lockFile(Path layout) {
		return layout.resolveSibling(layout.getFileName() + LOCK);
	}

	/**
	 * Deletes what a master or a worker was writing when it was killed: nothing takes so
	 * long.
	 */
	private static void sweep(Path folder, String names) throws IOException {
		if (!Files.isDirectory(folder)) {
			return;
		}
		Instant old = Instant.now().minus(ABANDONED);
		try (DirectoryStream<Path> drafts = Files.newDirectoryStream(folder, names)) {
			for (Path draft : drafts) {
				if (Files.getLastModifiedTime(draft, LinkOption.NOFOLLOW_LINKS).toInstant().isBefore(old)) {
					FileTree.delete(draft);
				}
			}
		}
	}

	private void makeRoom() throws IOException {
		List<Path> layouts = new ArrayList<>();
		try (Stream<Path> all = Files.list(this.folder)) {
			all.filter(Files::isDirectory).filter((layout) -> !this.locks.containsKey(layout)).forEach(layouts::add);
		}
		layouts.sort(Comparator.comparing(ArchiveCache::lastUsed));
		long size = size(this.folder);
		for (Path layout : layouts) {
			if (size > this.maxSize) {
				size -= drop(layout);
			}
		}
	}

	private static Instant lastUsed(Path layout) {
		try {
			return Files.getLastModifiedTime(lockFile(layout)).toInstant();
		}
		catch (IOException ex) {
			return Instant.EPOCH;
		}
	}

	private static long size(Path tree) throws IOException {
		try (Stream<Path> files = Files.walk(tree)) {
			return files.filter(Files::isRegularFile).mapToLong((file) -> file.toFile().length()).sum();
		}
	}

	/**
	 * Drops a layout unless a master uses it.
	 * @return how many bytes were freed
	 */
	private static long drop(Path layout) throws IOException {
		Path file = lockFile(layout);
		try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
				FileLock lock = channel.tryLock()) {
			if (lock == null) {
				return 0;
			}
			long size = size(layout);
			FileTree.delete(layout);
			// Its lock stays: another master may wait for it
			return size;
		}
		catch (OverlappingFileLockException ex) {
			// Another master in this process
			return 0;
		}
	}

	/**
	 * Leaves the layouts to others. Archives that are being written are given up.
	 */
	@Override
	public void close() {
		this.layouts.values().forEach((layout) -> layout.archives().close());
		this.layouts.clear();
		retain(List.of());
	}

}
