package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.bootcluster.file.FileTree;
import io.github.bootcluster.file.FreeSpace;

/**
 * The archives that workers of an {@link ApplicationLayout} start from.
 * <p>
 * A worker that finds no archive for its JVM and its options records what it does, and
 * its JVM dumps that when it exits: up to Java 24 an archive of classes, from then on the
 * configuration of an AOT cache, which another JVM is started to make. While a JVM lives
 * on nothing is dumped: the diagnostic command {@code VM.cds} could, but a JVM of Java 25
 * may crash afterwards.
 *
 * @see <a href="https://openjdk.org/jeps/514">JEP 514</a>
 * @see <a href="https://openjdk.org/jeps/515">JEP 515</a>
 */
public final class LayoutArchives {

	private static final String CLASSES = ".jsa";

	private static final String AOT_CACHE = ".aot";

	/**
	 * Names of archives that are being written.
	 */
	static final String DRAFTS = ".*.{jsa,aot}-*";

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
			+ "|-(javaagent|agentlib|agentpath):.*|-Xbootclasspath.*|--(patch-module|upgrade-module-path|limit-modules)(=.*)?|-Djava\\.system\\.class\\.loader=.*");

	/**
	 * From this release on, an AOT cache holds profiles of methods besides the classes,
	 * so that a start takes less time still.
	 */
	private static final int HAS_AOT_CACHE = 25;

	/**
	 * Leaves the processors to those who serve.
	 */
	private static final Path NICE = Path.of("/usr/bin/nice");

	/**
	 * More than an archive takes, in bytes: a JVM that runs out of space while it dumps
	 * fails at its exit.
	 */
	private static final long SPACE = 256L << 20;

	private static final long NANOS = 1_000_000;

	private static final long CLOSE_MILLIS = 2000;

	/**
	 * Exit codes of a JVM that was ended by SIGABRT, SIGBUS or SIGSEGV.
	 */
	private static final Set<Integer> CRASHED = Set.of(134, 135, 139);

	/**
	 * Exit code of a JVM that was told to end by SIGTERM.
	 */
	private static final int TERMINATED = 143;

	private final Path folder;

	private final Path jar;

	private final boolean hasAotCache;

	private final Consumer<String> problems;

	/**
	 * Archives that a worker is to dump when it exits.
	 */
	private final Set<Path> recorded = ConcurrentHashMap.newKeySet();

	/**
	 * AOT caches that could not be made: an archive of classes has to do.
	 */
	private final Set<Path> failed = ConcurrentHashMap.newKeySet();

	private final Set<Thread> makers = ConcurrentHashMap.newKeySet();

	private volatile boolean closed;

	/**
	 * Creates archives.
	 * @param release the feature release of the JVM that workers run
	 * @param problems is told why workers start slower than they could
	 */
	LayoutArchives(Path folder, Path jar, int release, Consumer<String> problems) {
		this.problems = problems;
		this.folder = folder;
		this.jar = jar;
		this.hasAotCache = release >= HAS_AOT_CACHE;
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
		String key = key(options);
		Path archive = this.folder.resolve(key + (this.hasAotCache ? AOT_CACHE : CLASSES));
		if (this.failed.contains(archive)) {
			archive = this.folder.resolve(key + CLASSES);
		}
		boolean aot = archive.toString().endsWith(AOT_CACHE);
		if (Files.isRegularFile(archive)) {
			Path used = archive;
			return new WorkerStart(command.with(List.of((aot ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + used)),
					(code) -> dropIfCrashed(used, code));
		}
		if (FreeSpace.isLess(this.folder, SPACE) || !this.recorded.add(archive)) {
			return new WorkerStart(command);
		}
		return aot ? recordMethods(command, variables, archive) : recordClasses(command, archive);
	}

	private WorkerStart recordClasses(JvmCommand command, Path archive) {
		Path draft = draft(archive);
		return new WorkerStart(command.with(quietly("-XX:ArchiveClassesAtExit=" + draft)), (code) -> {
			try {
				if (hasEnded(code)) {
					keep(draft, archive);
				}
			}
			finally {
				FileTree.delete(draft);
				recorded(archive);
			}
		});
	}

	private WorkerStart recordMethods(JvmCommand command, Map<String, String> variables, Path archive) {
		Path configuration = draft(archive);
		JvmCommand recording = command.with(quietly("-XX:AOTMode=record", "-XX:AOTConfiguration=" + configuration));
		return new WorkerStart(recording, (code) -> {
			if (hasEnded(code) && Files.isRegularFile(configuration)) {
				Thread maker = new Thread(() -> make(command, variables, configuration, archive), "cluster-archive");
				maker.setDaemon(true);
				this.makers.add(maker);
				maker.start();
			}
			else {
				FileTree.delete(configuration);
				recorded(archive);
			}
		});
	}

	/**
	 * Makes an AOT cache of what a worker has recorded, with the options that workers are
	 * started with.
	 */
	private void make(JvmCommand command, Map<String, String> variables, Path configuration, Path archive) {
		Path draft = draft(archive);
		try {
			List<String> line = new ArrayList<>(
					Files.isExecutable(NICE) ? List.of(NICE.toString(), "-n", "19") : List.of());
			line.addAll(command.withoutValues()
				.withoutHeap()
				.with(List.of("-XX:AOTMode=create", "-XX:AOTConfiguration=" + configuration, "-XX:AOTCache=" + draft,
						"-Xlog:aot=error", "-Xlog:cds=error"))
				.toCommandLine());
			if (!this.closed) {
				JvmTool.run("the JVM", line, JvmEnvironment.readingArgumentFiles(variables), this.folder);
				if (!Files.isRegularFile(draft)) {
					throw new IOException("the JVM has left none");
				}
				keep(draft, archive);
			}
		}
		catch (IOException ex) {
			if (!this.closed) {
				this.failed.add(archive);
				this.problems.accept(
						"Falling back to an archive of classes, as no AOT cache could be created: " + ex.getMessage());
			}
		}
		finally {
			FileTree.delete(draft);
			FileTree.delete(configuration);
			this.makers.remove(Thread.currentThread());
			recorded(archive);
		}
	}

	/**
	 * Deletes an archive that a JVM has crashed with: it checks little of it, and every
	 * further one would crash, too.
	 */
	private void dropIfCrashed(Path archive, int code) {
		if (CRASHED.contains(code) && Files.isRegularFile(archive)) {
			FileTree.delete(archive);
			this.problems.accept("Deleted archive '%s' after the crash of a worker that used it".formatted(archive));
		}
	}

	/**
	 * Makes no further archive. What is being made is given up, and its JVM ended.
	 */
	void close() {
		this.closed = true;
		for (Thread maker : this.makers) {
			maker.interrupt();
			try {
				maker.join(CLOSE_MILLIS);
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}
	}

	/**
	 * Adds that what cannot be archived is not logged: it is of no interest to operators.
	 */
	private List<String> quietly(String... options) {
		List<String> all = new ArrayList<>(List.of(options));
		all.addAll(List.of("-Xlog:cds=off", "-Xlog:cds+dynamic=off"));
		if (this.hasAotCache) {
			all.add("-Xlog:aot=off");
		}
		return all;
	}

	private static Path draft(Path archive) {
		return archive.resolveSibling(".%s-%s".formatted(archive.getFileName(), UUID.randomUUID()));
	}

	/**
	 * Tells whether a worker has come to its end, and was not ended meanwhile.
	 */
	private static boolean hasEnded(int code) {
		return code == 0 || code == TERMINATED;
	}

	private void recorded(Path archive) {
		synchronized (this.recorded) {
			this.recorded.remove(archive);
			this.recorded.notifyAll();
		}
	}

	/**
	 * Waits until no archive is left that is to be written.
	 * @return whether it did not take longer than the limit
	 */
	boolean awaitWritten(Duration limit) {
		long end = System.nanoTime() + limit.toNanos();
		synchronized (this.recorded) {
			try {
				for (long left = limit.toMillis(); !this.recorded.isEmpty()
						&& left > 0; left = (end - System.nanoTime()) / NANOS) {
					this.recorded.wait(left);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return this.recorded.isEmpty();
		}
	}

	/**
	 * Waits until no archive is left that is to be written.
	 * @return whether there is one
	 */
	public boolean await(Duration limit) {
		awaitWritten(limit);
		try (Stream<Path> files = Files.list(this.folder)) {
			return files.map((file) -> file.getFileName().toString())
				.anyMatch((name) -> (name.endsWith(CLASSES) || name.endsWith(AOT_CACHE)) && !name.startsWith("."));
		}
		catch (IOException ex) {
			return false;
		}
	}

	/**
	 * Tells whether an archive is recorded or being written.
	 */
	boolean isPending() {
		return !this.recorded.isEmpty();
	}

	private static void keep(Path draft, Path archive) {
		try {
			// A JVM may crash with one that a power cut has left by half
			try (FileChannel written = FileChannel.open(draft, StandardOpenOption.WRITE)) {
				written.force(true);
			}
			Files.move(draft, archive, StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			// The JVM could not dump, and the next worker records
		}
	}

	private static String key(List<String> options) {
		List<String> all = new ArrayList<>(List.of(System.getProperty("java.vm.name"),
				System.getProperty("java.vm.version"), System.getProperty("java.home"), System.getProperty("os.arch")));
		options.stream().filter((option) -> !INDIFFERENT.matcher(option).matches()).forEach(all::add);
		byte[] digest = CopiedFile.sha256().digest(String.join("\n", all).getBytes(StandardCharsets.UTF_8));
		return HexFormat.of().formatHex(digest, 0, 16);
	}

}
