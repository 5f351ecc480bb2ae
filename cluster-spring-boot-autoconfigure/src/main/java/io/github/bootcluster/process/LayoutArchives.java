package io.github.bootcluster.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;

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
			+ "|-(javaagent|agentlib|agentpath):.*|-Xbootclasspath.*|--(patch-module|upgrade-module-path|limit-modules)(=.*)?"
			+ "|-Djava\\.system\\.class\\.loader=.*");

	/**
	 * From this release on, an AOT cache holds profiles of methods besides the classes,
	 * so that a start takes less time still.
	 */
	private static final int HAS_AOT_CACHE = 25;

	/**
	 * Name of an archive: a key, the checksum of the content, and the kind.
	 */
	private static final Pattern NAME = Pattern.compile("([0-9a-f]{32})-([0-9a-f]{8})(\\.jsa|\\.aot)");

	/**
	 * More than an archive takes, in bytes: a JVM that runs out of space while it dumps
	 * fails at its exit.
	 */
	private static final long SPACE = 256L << 20;

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
	 * Archives that are whole, by key and kind.
	 */
	private final Map<String, Path> whole = new ConcurrentHashMap<>();

	/**
	 * Archives, by key and kind, that a worker records or that are being made.
	 */
	private final Set<String> pending = ConcurrentHashMap.newKeySet();

	/**
	 * Keys of AOT caches that could not be made: an archive of classes has to do.
	 */
	private final Set<String> failed = ConcurrentHashMap.newKeySet();

	private final AotCacheMaker maker;

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
		this.maker = new AotCacheMaker(folder);
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
		boolean aot = this.hasAotCache && !this.failed.contains(key);
		String name = key + (aot ? AOT_CACHE : CLASSES);
		Path archive = this.whole.get(name);
		if (archive != null && Files.isRegularFile(archive)) {
			return new WorkerStart(command.with(List.of((aot ? "-XX:AOTCache=" : "-XX:SharedArchiveFile=") + archive)),
					(code) -> dropIfCrashed(name, archive, code));
		}
		if (FreeSpace.isLess(this.folder, SPACE) || !this.pending.add(name)) {
			return new WorkerStart(command);
		}
		return aot ? recordMethods(command, variables, key) : recordClasses(command, name);
	}

	private WorkerStart recordClasses(JvmCommand command, String name) {
		Path draft = draft(name);
		return new WorkerStart(command.with(quietly("-XX:ArchiveClassesAtExit=" + draft)), (code) -> {
			if (hasEnded(code)) {
				keep(draft, name);
			}
			settled(draft, name);
		});
	}

	private WorkerStart recordMethods(JvmCommand command, Map<String, String> variables, String key) {
		String name = key + AOT_CACHE;
		Path configuration = draft(name);
		Path draft = draft(name);
		JvmCommand recording = command.with(quietly("-XX:AOTMode=record", "-XX:AOTConfiguration=" + configuration));
		return new WorkerStart(recording, (code) -> {
			if (!hasEnded(code) || !Files.isRegularFile(configuration)) {
				settled(configuration, name);
				return;
			}
			this.maker.make(command, variables, configuration, draft, (failure) -> {
				if (failure == null) {
					keep(draft, name);
				}
				else if (!this.maker.isClosed()) {
					this.failed.add(key);
					this.problems.accept("Falling back to an archive of classes, as no AOT cache could be created: "
							+ failure.getMessage());
				}
				settled(draft, name);
			});
		});
	}

	/**
	 * Deletes an archive that a JVM has crashed with: the next one might crash, too.
	 */
	private void dropIfCrashed(String name, Path archive, int code) {
		if (CRASHED.contains(code) && this.whole.remove(name, archive)) {
			FileTree.delete(archive);
			this.problems.accept("Deleted archive '%s' after the crash of a worker that used it".formatted(archive));
		}
	}

	/**
	 * Takes note of the archives that are there. A JVM checks little of an archive and
	 * may crash with one that is damaged, which is deleted.
	 * @throws IOException if the folder cannot be read
	 */
	void check() throws IOException {
		List<Path> files;
		try (Stream<Path> all = Files.list(this.folder)) {
			files = all.filter((file) -> !this.whole.containsValue(file)).toList();
		}
		for (Path file : files) {
			Matcher name = NAME.matcher(file.getFileName().toString());
			if (name.matches() && checksum(file).equals(name.group(2))) {
				this.whole.put(name.group(1) + name.group(3), file);
			}
			else if (name.matches()) {
				FileTree.delete(file);
				this.problems.accept("Deleted archive '%s': it is damaged".formatted(file));
			}
		}
	}

	/**
	 * Makes no further archive. What is being made is given up, and its JVM ended.
	 */
	void close() {
		this.maker.close();
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

	private Path draft(String name) {
		return this.folder.resolve(".%s-%s".formatted(name, UUID.randomUUID()));
	}

	/**
	 * Tells whether a worker has come to its end, and was not ended meanwhile.
	 */
	private static boolean hasEnded(int code) {
		return code == 0 || code == TERMINATED;
	}

	private void settled(Path draft, String name) {
		FileTree.delete(draft);
		synchronized (this.pending) {
			this.pending.remove(name);
			this.pending.notifyAll();
		}
	}

	/**
	 * Waits until no archive is left that is to be written.
	 * @return whether it did not take longer than the limit
	 */
	boolean awaitWritten(Duration limit) {
		long end = System.nanoTime() + limit.toNanos();
		synchronized (this.pending) {
			try {
				for (long left = limit.toNanos(); isPending() && left > 0; left = end - System.nanoTime()) {
					TimeUnit.NANOSECONDS.timedWait(this.pending, left);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return !isPending();
		}
	}

	/**
	 * Waits until no archive is left that is to be written.
	 * @return whether there is one
	 */
	public boolean await(Duration limit) {
		awaitWritten(limit);
		return !this.whole.isEmpty();
	}

	/**
	 * Tells whether an archive is recorded or being written.
	 */
	boolean isPending() {
		return !this.pending.isEmpty();
	}

	private void keep(Path draft, String name) {
		try {
			int suffix = name.lastIndexOf('.');
			Path archive = this.folder
				.resolve("%s-%s%s".formatted(name.substring(0, suffix), checksum(draft), name.substring(suffix)));
			Files.move(draft, archive, StandardCopyOption.ATOMIC_MOVE);
			this.whole.put(name, archive);
		}
		catch (IOException ex) {
			// The JVM could not dump, and the next worker records
		}
	}

	private static String checksum(Path file) throws IOException {
		CRC32 checksum = new CRC32();
		try (InputStream content = new CheckedInputStream(Files.newInputStream(file), checksum)) {
			content.transferTo(OutputStream.nullOutputStream());
		}
		return "%08x".formatted(checksum.getValue());
	}

	private static String key(List<String> options) {
		List<String> all = new ArrayList<>(List.of(System.getProperty("java.vm.name"),
				System.getProperty("java.vm.version"), System.getProperty("java.home"), System.getProperty("os.arch")));
		options.stream().filter((option) -> !INDIFFERENT.matcher(option).matches()).forEach(all::add);
		byte[] digest = CopiedFile.sha256().digest(String.join("\n", all).getBytes(StandardCharsets.UTF_8));
		return HexFormat.of().formatHex(digest, 0, 16);
	}

}
