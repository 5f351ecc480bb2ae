package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.bootcluster.file.FileTree;
import io.github.bootcluster.file.FreeSpace;
import org.jspecify.annotations.Nullable;

/**
 * An application as it is laid out in an {@link ArchiveCache}, at a path that lasts: up
 * to Java 24 an archive of classes is bound to the paths, sizes and times of the JARs.
 * <p>
 * A worker that finds no archive for its JVM and its options records the classes that it
 * loads, and its JVM dumps them when it exits. While a JVM lives on nothing is dumped:
 * the diagnostic command {@code VM.cds} could, but a JVM of Java 25 may crash afterwards.
 */
public final class ApplicationLayout {

	private static final String FILES = "content";

	private static final String SUFFIX = ".jsa";

	/**
	 * Empty file that is there once a worker has been ready.
	 */
	private static final String STARTED = "started";

	/**
	 * Options that an archive does not depend on.
	 */
	private static final Pattern INDIFFERENT = Pattern.compile("-D.*|-Xm[xsn].*|-Xss.*|-XX:ActiveProcessorCount=.*"
			+ "|-XX:(Max|Initial|Min)?(Heap|RAM|New|Metaspace|DirectMemory).*");

	/**
	 * Options by which the application chooses an archive itself, or under which there is
	 * none.
	 */
	private static final Pattern OWN = Pattern.compile("-Xshare:.*|-XX:[-+]?(UseSharedSpaces|SharedArchiveFile"
			+ "|AutoCreateSharedArchive|ArchiveClassesAtExit|RecordDynamicDumpInfo|AOT).*"
			+ "|-(javaagent|agentlib|agentpath):.*|-Xbootclasspath.*|--(patch-module|upgrade-module-path)(=.*)?");

	/**
	 * From this release on, lines on archives have another name, too.
	 */
	private static final int NAMED_AOT = 25;

	/**
	 * More than an archive takes, in bytes: a JVM that runs out of space while it dumps
	 * fails at its exit.
	 */
	private static final long SPACE = 256L << 20;

	/**
	 * Exit code of a JVM that was told to end by SIGTERM.
	 */
	private static final int TERMINATED = 143;

	private final Path folder;

	private final Path jar;

	private final Map<Path, Long> files;

	/**
	 * Archives that a worker is to dump when it exits.
	 */
	private final Set<Path> recorded = ConcurrentHashMap.newKeySet();

	private volatile boolean started;

	private ApplicationLayout(Path folder, Path jar, Map<Path, Long> files) {
		this.folder = folder;
		this.jar = jar;
		this.files = Map.copyOf(files);
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
	 * @return the layout, or {@code null} if there is none, or it is damaged
	 */
	static @Nullable ApplicationLayout find(Path folder) throws IOException {
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
		ApplicationLayout found = (jar != null) ? new ApplicationLayout(folder, jar, files) : null;
		return (found != null && found.isComplete()) ? found : null;
	}

	Path folder() {
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
	 * Returns how to start a worker from the layout.
	 * @param template how it would be started otherwise
	 * @param variables those that it is started with besides those of this process
	 * @param unfit options that name archives which do not fit the layout, and give way
	 * to its own
	 */
	public WorkerStart start(JvmCommand template, Map<String, String> variables, List<String> unfit) {
		JvmCommand command = template.withJar(this.jar).without(unfit);
		List<String> options = JvmEnvironment.optionsOf(command, variables);
		if (options.stream().anyMatch((option) -> OWN.matcher(option).matches())) {
			return new WorkerStart(template.withJar(this.jar));
		}
		Path archive = this.folder.resolve(key(options) + SUFFIX);
		if (Files.isRegularFile(archive)) {
			return new WorkerStart(command.with(List.of("-XX:SharedArchiveFile=" + archive)));
		}
		if (FreeSpace.isLess(this.folder, SPACE) || !this.recorded.add(archive)) {
			return new WorkerStart(command);
		}
		return record(command, archive);
	}

	private WorkerStart record(JvmCommand command, Path archive) {
		Path draft = archive.resolveSibling(".%s-%s".formatted(archive.getFileName(), UUID.randomUUID()));
		// What cannot be archived is of no interest to operators
		List<String> options = new ArrayList<>(
				List.of("-XX:ArchiveClassesAtExit=" + draft, "-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
		if (Runtime.version().feature() >= NAMED_AOT) {
			options.add("-Xlog:aot=off");
		}
		return new WorkerStart(command.with(options), (code) -> {
			try {
				keep(draft, archive, code);
			}
			finally {
				recorded(archive);
			}
		});
	}

	private void recorded(Path archive) {
		synchronized (this.recorded) {
			this.recorded.remove(archive);
			this.recorded.notifyAll();
		}
	}

	/**
	 * Waits until no worker is left that is to write an archive.
	 * @return whether there is one
	 */
	public boolean awaitArchive() {
		synchronized (this.recorded) {
			try {
				while (!this.recorded.isEmpty()) {
					this.recorded.wait();
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
		try (Stream<Path> files = Files.list(this.folder)) {
			return files.map((file) -> file.getFileName().toString())
				.anyMatch((name) -> name.endsWith(SUFFIX) && !name.startsWith("."));
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Keeps what a worker has dumped, unless it was ended meanwhile.
	 */
	private static void keep(Path draft, Path archive, int code) {
		try {
			if (code == 0 || code == TERMINATED) {
				Files.move(draft, archive, StandardCopyOption.ATOMIC_MOVE);
			}
		}
		catch (IOException ex) {
			// The JVM could not dump, and the next worker records
		}
		finally {
			FileTree.delete(draft);
		}
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

	private static String key(List<String> options) {
		List<String> all = new ArrayList<>(List.of(System.getProperty("java.vm.name"),
				System.getProperty("java.vm.version"), System.getProperty("java.home"), System.getProperty("os.arch")));
		options.stream().filter((option) -> !INDIFFERENT.matcher(option).matches()).forEach(all::add);
		byte[] digest = CopiedFile.sha256().digest(String.join("\n", all).getBytes(StandardCharsets.UTF_8));
		return HexFormat.of().formatHex(digest, 0, 16);
	}

}
