package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * An application as it is laid out in an {@link ArchiveCache}, at a path that lasts: up
 * to Java 24 an archive of classes is bound to the paths, sizes and times of the JARs.
 */
public final class ApplicationLayout {

	private static final String FILES = "content";

	/**
	 * Empty file that is there once a worker has been ready.
	 */
	private static final String STARTED = "started";

	private final Path folder;

	private final Path jar;

	private final Map<Path, Long> files;

	private final LayoutArchives archives;

	private volatile boolean started;

	private ApplicationLayout(Path folder, Path jar, Map<Path, Long> files, LayoutArchives archives) {
		this.folder = folder;
		this.jar = jar;
		this.files = Map.copyOf(files);
		this.archives = archives;
		this.started = Files.exists(folder.resolve(STARTED));
	}

	/**
	 * Lists the files of a new layout, the JAR to run first.
	 */
	static void describe(Path folder, Path jar) throws IOException {
		List<String> lines = new ArrayList<>();
		try (Stream<Path> all = Files.walk(folder)) {
			Comparator<Path> jarFirst = Comparator.comparing((Path file) -> !file.equals(jar));
			for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)
				.sorted(jarFirst.thenComparing(Comparator.naturalOrder()))::iterator) {
				lines.add("%d %s".formatted(Files.size(file), folder.relativize(file)));
			}
		}
		Files.write(folder.resolve(FILES), lines);
	}

	/**
	 * Finds a layout.
	 * @param release the feature release of the JVM that workers run
	 * @param problems is told why workers start slower than they could
	 * @return the layout, or {@code null} if there is none, or it is damaged
	 */
	static @Nullable ApplicationLayout find(Path folder, int release, Consumer<String> problems) throws IOException {
		Map<Path, Long> files = new LinkedHashMap<>();
		Path jar = null;
		try {
			for (String line : Files.readAllLines(folder.resolve(FILES))) {
				int space = line.indexOf(' ');
				Path file = folder.resolve(line.substring(space + 1));
				files.put(file, Long.parseLong(line.substring(0, space)));
				jar = (jar != null) ? jar : file;
			}
		}
		catch (NoSuchFileException | RuntimeException ex) {
			return null;
		}
		ApplicationLayout found = (jar != null)
				? new ApplicationLayout(folder, jar, files, new LayoutArchives(folder, jar, release, problems)) : null;
		return (found != null && found.isComplete()) ? found : null;
	}

	/**
	 * Returns the folder of the layout.
	 */
	public Path folder() {
		return this.folder;
	}

	/**
	 * Returns the JAR to run.
	 */
	public Path jar() {
		return this.jar;
	}

	/**
	 * Tells whether all files are there and have their sizes.
	 */
	public boolean isComplete() {
		return this.files.entrySet().stream().allMatch((file) -> {
			try {
				return Files.size(file.getKey()) == file.getValue();
			}
			catch (IOException ex) {
				return false;
			}
		});
	}

	/**
	 * Returns the archives that workers start from.
	 */
	public LayoutArchives archives() {
		return this.archives;
	}

	/**
	 * Takes note that a worker of this application has started.
	 */
	public void started() {
		this.started = true;
		try {
			Files.createFile(this.folder.resolve(STARTED));
		}
		catch (IOException ex) {
			// It is there already, or the next start is as slow as the first
		}
	}

	/**
	 * Tells whether a worker of this application has ever started.
	 */
	public boolean hasStarted() {
		return this.started;
	}

}
