package io.github.bootcluster.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Promises on applications that are laid out for a fast start. The tools of the JAR are a
 * script that does what they do.
 */
class ArchiveCacheTests {

	private static final String LAUNCHER = "org.springframework.boot.loader.launch.JarLauncher";

	private static final String TOOLS = "BOOT-INF/lib/spring-boot-jarmode-tools-4.1.1.jar";

	private static final long ROOM = 1 << 20;

	private static final Duration LIMIT = Duration.ofSeconds(20);

	@TempDir
	Path base;

	private final List<String> problems = new CopyOnWriteArrayList<>();

	private Path folder;

	private String java;

	private int lastSnapshot;

	@BeforeEach
	void writeTools() throws IOException {
		this.folder = this.base.resolve("archives");
		this.java = script("""
				for last; do :; done
				echo called >> '%s'
				mkdir "$last/lib"
				echo classes > "$last/app.jar"
				echo library > "$last/lib/library.jar"
				""".formatted(this.base.resolve("calls")));
	}

	private String script(String commands) throws IOException {
		Path script = Files.writeString(Files.createTempFile(this.base, "java", ".sh"), "#!/bin/sh\n" + commands);
		Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
		return script.toString();
	}

	@Test
	void applicationIsLaidOutOnceForAllThatHaveTheSameContent() throws Exception {
		try (ArchiveCache cache = open(ROOM, 17)) {
			ApplicationLayout layout = layOut(cache, "one");
			assertThat(layout.jar()).hasContent("classes\n").hasFileName("app.jar");
			assertThat(layout.jar().resolveSibling("lib/library.jar")).hasContent("library\n");
			assertThat(layOut(cache, "one").jar()).isEqualTo(layout.jar());
			assertThat(layOut(cache, "two").jar()).isNotEqualTo(layout.jar());
		}
		try (ArchiveCache later = open(ROOM, 17)) {
			layOut(later, "one");
		}
		assertThat(calls()).isEqualTo(2);
	}

	@Test
	void filesHaveTheTimeOfTheJarWhichClientsOfAWebServerAreTold() throws Exception {
		ApplicationSnapshot snapshot = snapshot("one", LAUNCHER, TOOLS);
		try (ArchiveCache cache = open(ROOM, 17)) {
			ApplicationLayout layout = Objects.requireNonNull(cache.layOut(snapshot, this.java));
			assertThat(List.of(layout.jar(), layout.jar().resolveSibling("lib/library.jar")))
				.allSatisfy((file) -> assertThat(Files.getLastModifiedTime(file).toMillis())
					.isEqualTo(Files.getLastModifiedTime(this.base.resolve("app.jar")).toMillis()));
		}
	}

	@Test
	void applicationThatIsExtractedAlreadyIsLaidOutAsItIs() throws Exception {
		Path application = Files.createDirectories(this.base.resolve("application"));
		Path library = jar(Files.createDirectories(application.resolve("lib")).resolve("library.jar"), "", "code");
		Path jar = jar(application.resolve("app.jar"), "Main-Class: com.example.Main\nClass-Path: lib/library.jar\n",
				"one", "com/example/Main.class");
		Files.setLastModifiedTime(library, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
		try (ArchiveCache cache = open(ROOM, 17)) {
			Path first = layOut(cache, jar);
			assertThat(first).hasSameBinaryContentAs(jar).startsWith(this.folder);
			Path copy = first.resolveSibling("lib/library.jar");
			assertThat(copy).hasSameBinaryContentAs(library);
			assertThat(Files.getLastModifiedTime(copy)).isEqualTo(Files.getLastModifiedTime(library));
			assertThat(layOut(cache, jar)).isEqualTo(first);
			jar(library, "", "other code");
			assertThat(layOut(cache, jar)).as("with another library").isNotEqualTo(first);
		}
		assertThat(this.base.resolve("calls")).doesNotExist();
	}

	@Test
	void jarBesideItsFolderOfLibrariesIsTheOneThatRuns() throws Exception {
		Path library = jar(Files.createDirectories(this.base.resolve("app/lib")).resolve("a.jar"), "", "code");
		Path jar = jar(Files.createDirectories(this.base.resolve("app/bin")).resolve("app.jar"),
				"Main-Class: com.example.Main\nClass-Path: ../lib/a.jar\n", "one", "com/example/Main.class");
		try (ArchiveCache cache = open(ROOM, 17)) {
			Path copy = layOut(cache, jar);
			assertThat(copy).hasSameBinaryContentAs(jar);
			assertThat(copy.resolveSibling("../lib/a.jar")).hasSameBinaryContentAs(library);
			assertThat(layOut(cache, jar)).isEqualTo(copy);
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "classes/", "file:/opt/lib/a.jar", "/opt/lib/a.jar" })
	void applicationWithFoldersOfClassesOrLibrariesElsewhereRunsAsItIs(String element) throws Exception {
		Files.writeString(Files.createDirectories(this.base.resolve("classes")).resolve("a.properties"), "a=b");
		Path jar = jar(this.base.resolve("app.jar"),
				"Main-Class: com.example.Main\nClass-Path: %s\n".formatted(element), "one", "com/example/Main.class");
		try (ArchiveCache cache = open(ROOM, 17)) {
			assertThat(cache.layOut(snapshot(jar), this.java)).isNull();
		}
	}

	@Test
	void nobodyElseMayReadTheFolder() throws Exception {
		open(ROOM, 17).close();
		assertThat(Files.getPosixFilePermissions(this.folder)).isEqualTo(PosixFilePermissions.fromString("rwx------"));
	}

	@Test
	void folderThatOthersMayWriteIsRefused() throws Exception {
		Files.createDirectory(this.folder);
		Files.setPosixFilePermissions(this.folder, PosixFilePermissions.fromString("rwxrwxrwx"));
		assertThatIOException().isThrownBy(() -> open(ROOM, 17))
			.withMessageContaining(this.folder.toString())
			.withMessageContaining("every account may write it");
	}

	@ParameterizedTest
	@ValueSource(strings = { "cut", "deleted" })
	void damagedLayoutIsNoticedAndMadeAnew(String damage) throws Exception {
		try (ArchiveCache cache = open(ROOM, 17)) {
			ApplicationLayout layout = layOut(cache, "one");
			Path library = layout.jar().resolveSibling("lib/library.jar");
			if (damage.equals("cut")) {
				Files.writeString(library, "lib");
			}
			else {
				Files.delete(library);
			}
			assertThat(layout.isComplete()).isFalse();
			assertThat(layOut(cache, "one").isComplete()).isTrue();
			assertThat(library).hasContent("library\n");
		}
	}

	@Test
	void jarWithoutToolsOrWithAnotherLauncherOfSpringBootRunsAsItIs() throws Exception {
		try (ArchiveCache cache = open(ROOM, 17)) {
			assertThat(cache.layOut(snapshot("one", LAUNCHER, null), this.java)).isNull();
			assertThat(cache.layOut(snapshot("one", "org.springframework.boot.loader.launch.PropertiesLauncher", TOOLS),
					this.java))
				.isNull();
		}
	}

	@Test
	void toolsThatFailLeaveNothingBehind() throws Exception {
		String failing = script("echo No space left; exit 3");
		try (ArchiveCache cache = open(ROOM, 17)) {
			ApplicationSnapshot snapshot = snapshot("one", LAUNCHER, TOOLS);
			assertThatIOException().isThrownBy(() -> cache.layOut(snapshot, failing))
				.withMessage("its tools failed (exit code 3): No space left");
		}
		try (Stream<Path> left = Files.list(this.folder)) {
			assertThat(left).allMatch((file) -> file.toString().endsWith(".lock"));
		}
	}

	@Test
	void whatNobodyUsesIsDroppedWhereTheFolderIsTooLarge() throws Exception {
		Path used;
		Path unused;
		try (ArchiveCache cache = open(0, 17)) {
			unused = layOut(cache, "one").jar();
		}
		try (ArchiveCache cache = open(0, 17)) {
			used = layOut(cache, "two").jar();
			assertThat(unused).doesNotExist();
			layOut(cache, "three");
			assertThat(used).exists();
		}
	}

	@Test
	void whatAMasterNoLongerUsesMayBeDropped() throws Exception {
		try (ArchiveCache cache = open(0, 17)) {
			Path earlier = layOut(cache, "one").jar();
			ApplicationLayout current = layOut(cache, "two");
			cache.retain(List.of(current));
			layOut(cache, "three");
			assertThat(earlier).doesNotExist();
			assertThat(current.isComplete()).isTrue();
		}
	}

	@Test
	void whatAKilledMasterOrWorkerWasWritingIsDeleted() throws Exception {
		try (ArchiveCache cache = open(ROOM, 17)) {
			Path layout = layOut(cache, "one").folder();
			Path abandoned = Files.writeString(layout.resolve(".archive.jsa-1"), "half of the cla");
			Path draft = Files.createDirectory(this.folder.resolve(".draft"));
			Path fresh = Files.writeString(layout.resolve(".archive.jsa-2"), "half of the cla");
			FileTime longAgo = FileTime.from(Instant.now().minus(Duration.ofHours(2)));
			Files.setLastModifiedTime(abandoned, longAgo);
			Files.setLastModifiedTime(draft, longAgo);
			layOut(cache, "one");
			assertThat(abandoned).doesNotExist();
			assertThat(draft).doesNotExist();
			assertThat(fresh).exists();
		}
	}

	@Test
	void toolsEndWithTheThreadThatWaitsForThem() throws Exception {
		Path pid = this.base.resolve("pid");
		String slow = script("echo $$ > '%s.new'; mv '%s.new' '%s'; exec sleep 60".formatted(pid, pid, pid));
		try (ArchiveCache cache = open(ROOM, 17)) {
			ApplicationSnapshot snapshot = snapshot("one", LAUNCHER, TOOLS);
			CompletableFuture<Throwable> failure = new CompletableFuture<>();
			Thread waiting = new Thread(() -> {
				try {
					cache.layOut(snapshot, slow);
				}
				catch (IOException ex) {
					failure.complete(ex);
				}
			});
			waiting.start();
			Awaitility.await().until(() -> Files.exists(pid));
			waiting.interrupt();
			assertThat(failure.get(20, TimeUnit.SECONDS)).hasMessage("the attempt was interrupted");
			assertThat(ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))).isEmpty();
		}
	}

	@Test
	void oneWorkerRecordsAndTheNextStartFromItsArchive() throws Exception {
		try (ArchiveCache cache = open(ROOM, 17)) {
			ApplicationLayout layout = layOut(cache, "one");
			WorkerStart first = layout.archives().start(command("-Xmx1g"), Map.of(), List.of());
			assertThat(first.command().jar()).contains(layout.jar());
			assertThat(first.command().jvmArguments()).contains("-Xmx1g");
			Path draft = draft(first);
			assertThat(layout.archives().start(command("-Xmx1g"), Map.of(), List.of()).command().jvmArguments())
				.as("beside it")
				.containsExactly("-Xmx1g");
			Files.writeString(draft, "classes");
			first.ended().accept(0);
			assertThat(draft).doesNotExist();
			assertThat(layout.isComplete()).isTrue();
			WorkerStart second = layout.archives()
				.start(command("-Xmx2g", "-Da=b", "-XX:ActiveProcessorCount=1"), Map.of(), List.of());
			assertThat(second.command().jvmArguments()).last().asString().startsWith("-XX:SharedArchiveFile=");
			assertThat(Path.of(second.command().jvmArguments().get(3).split("=")[1])).hasContent("classes");
			assertThat(draft(layout.archives().start(command("-XX:+UseZGC"), Map.of(), List.of())))
				.as("with other options")
				.isNotNull();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 137, 1, 134, -1 })
	void archiveOfAWorkerThatWasEndedMeanwhileIsNotUsed(int code) throws Exception {
		try (ArchiveCache cache = open(ROOM, 17)) {
			ApplicationLayout layout = layOut(cache, "one");
			WorkerStart first = layout.archives().start(command(), Map.of(), List.of());
			Path draft = Files.writeString(draft(first), "half of the cla");
			first.ended().accept(code);
			assertThat(draft).doesNotExist();
			assertThat(draft(layout.archives().start(command(), Map.of(), List.of()))).as("the next worker records")
				.isNotEqualTo(draft);
		}
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "-Xshare:off", "-XX:SharedArchiveFile=own.jsa", "-XX:AOTCache=own.aot", "-javaagent:agent.jar",
					"-XX:+AutoCreateSharedArchive", "--limit-modules", "-Djava.system.class.loader=a.Loader" })
	void archiveOfTheApplicationsOwnIsLeftAlone(String option) throws Exception {
		try (ArchiveCache cache = open(ROOM, 17)) {
			ApplicationLayout layout = layOut(cache, "one");
			assertThat(layout.archives().start(command(option), Map.of(), List.of()).command().jvmArguments())
				.containsExactly(option);
		}
	}

	@Test
	void archiveThatDoesNotFitGivesWayUnlessAnotherOptionForbidsArchives() throws Exception {
		List<String> unfit = List.of("-XX:SharedArchiveFile=own.jsa");
		try (ArchiveCache cache = open(ROOM, 17)) {
			ApplicationLayout layout = layOut(cache, "one");
			WorkerStart start = layout.archives()
				.start(command("-XX:SharedArchiveFile=own.jsa", "-Xmx1g"), Map.of(), unfit);
			assertThat(draft(start)).isNotNull();
			assertThat(start.command().jvmArguments()).contains("-Xmx1g").doesNotContainAnyElementsOf(unfit);
			assertThat(layout.archives()
				.start(command("-XX:SharedArchiveFile=own.jsa", "-Xshare:on"), Map.of(), unfit)
				.command()
				.jvmArguments()).containsExactly("-XX:SharedArchiveFile=own.jsa", "-Xshare:on");
		}
	}

	@Test
	void layoutRemembersThatItsApplicationHasStarted() throws Exception {
		try (ArchiveCache cache = open(ROOM, 17)) {
			ApplicationLayout layout = layOut(cache, "one");
			assertThat(layout.hasStarted()).isFalse();
			layout.started();
			layout.started();
			assertThat(layout.hasStarted()).isTrue();
		}
		try (ArchiveCache cache = open(ROOM, 17)) {
			assertThat(layOut(cache, "one").hasStarted()).isTrue();
			assertThat(layOut(cache, "two").hasStarted()).isFalse();
		}
	}

	@Test
	void variablesCountAsFarAsWorkersInheritThem() throws Exception {
		try (ArchiveCache cache = open(ROOM, 17)) {
			ApplicationLayout layout = layOut(cache, "one");
			assertThat(layout.archives()
				.start(command(), Map.of("JAVA_TOOL_OPTIONS", "-Xshare:off"), List.of())
				.command()
				.jvmArguments()).isEmpty();
			assertThat(draft(layout.archives()
				.start(command(), Map.of("JAVA_TOOL_OPTIONS", "-agentlib:jdwp=transport=dt_socket,server=y"),
						List.of())))
				.isNotNull();
		}
	}

	@Test
	void anotherJvmMakesAnAotCacheOfWhatAWorkerHasRecorded() throws Exception {
		String jvm = script("""
				echo "$@" >> '%s'
				for option; do case "$option" in
				-XX:AOTConfiguration=*) configuration="${option#*=}" ;;
				-XX:AOTCache=*) cache="${option#*=}" ;;
				esac; done
				cat "$configuration" > "$cache"
				""".formatted(this.base.resolve("made")));
		try (ArchiveCache cache = open(ROOM, 25)) {
			LayoutArchives archives = layOut(cache, "one").archives();
			JvmCommand command = command(jvm, List.of("-Xmx1g", "-Xms1g", "-Dsecret=a"));
			WorkerStart first = archives.start(command, Map.of(), List.of());
			assertThat(first.command().jvmArguments()).contains("-XX:AOTMode=record");
			Path configuration = path(first, "-XX:AOTConfiguration=");
			assertThat(archives.start(command, Map.of(), List.of()).command().jvmArguments()).as("beside it")
				.containsExactly("-Xmx1g", "-Xms1g", "-Dsecret=a");
			Files.writeString(configuration, "methods");
			first.ended().accept(143);
			assertThat(archives.await(LIMIT)).isTrue();
			assertThat(configuration).doesNotExist();
			assertThat(Files.readString(this.base.resolve("made"))).contains("-XX:AOTMode=create", "-Xmx1g")
				.doesNotContain("secret", "-Xms1g");
			WorkerStart second = archives.start(command, Map.of(), List.of());
			assertThat(path(second, "-XX:AOTCache=")).hasContent("methods");
			assertThat(drafts()).isEmpty();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "classec", "", "classes and more" })
	void archiveThatIsDamagedIsDeletedBeforeAWorkerCouldCrashWithIt(String content) throws Exception {
		Path archive;
		try (ArchiveCache cache = open(ROOM, 17)) {
			LayoutArchives archives = layOut(cache, "one").archives();
			WorkerStart first = archives.start(command(), Map.of(), List.of());
			Files.writeString(draft(first), "classes");
			first.ended().accept(0);
			archive = path(archives.start(command(), Map.of(), List.of()), "-XX:SharedArchiveFile=");
		}
		try (ArchiveCache cache = open(ROOM, 17)) {
			WorkerStart whole = layOut(cache, "one").archives().start(command(), Map.of(), List.of());
			assertThat(path(whole, "-XX:SharedArchiveFile=")).isEqualTo(archive);
		}
		Files.writeString(archive, content);
		try (ArchiveCache cache = open(ROOM, 17)) {
			WorkerStart next = layOut(cache, "one").archives().start(command(), Map.of(), List.of());
			assertThat(draft(next)).as("the next worker records").isNotNull();
			assertThat(archive).doesNotExist();
			assertThat(this.problems).containsExactly("Deleted archive '%s': it is damaged".formatted(archive));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 134, 139 })
	void archiveThatAWorkerHasCrashedWithIsNotUsedAgain(int code) throws Exception {
		try (ArchiveCache cache = open(ROOM, 17)) {
			LayoutArchives archives = layOut(cache, "one").archives();
			WorkerStart first = archives.start(command(), Map.of(), List.of());
			Files.writeString(draft(first), "classes");
			first.ended().accept(0);
			WorkerStart second = archives.start(command(), Map.of(), List.of());
			Path archive = path(second, "-XX:SharedArchiveFile=");
			second.ended().accept(1);
			assertThat(archive).exists();
			second.ended().accept(code);
			assertThat(archive).doesNotExist();
			assertThat(this.problems).singleElement().asString().contains(archive.toString());
			assertThat(draft(archives.start(command(), Map.of(), List.of()))).as("the next worker records").isNotNull();
		}
	}

	@Test
	void sameContentOfAnotherTimeIsLaidOutForItself() throws Exception {
		Path jar = jar(this.base.resolve("app.jar"), "Main-Class: com.example.Main\n", "one", "com/example/Main.class");
		try (ArchiveCache cache = open(ROOM, 17)) {
			Path first = layOut(cache, jar);
			Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
			Path second = layOut(cache, jar);
			assertThat(second).isNotEqualTo(first);
			assertThat(Files.getLastModifiedTime(second)).isEqualTo(Files.getLastModifiedTime(jar));
		}
	}

	@Test
	void libraryThatIsHiddenIsNoDraft() throws Exception {
		Path library = jar(Files.createDirectories(this.base.resolve("app/.lib")).resolve("a.jar"), "", "code");
		Path jar = jar(this.base.resolve("app/app.jar"), "Main-Class: com.example.Main\nClass-Path: .lib/a.jar\n",
				"one", "com/example/Main.class");
		try (ArchiveCache cache = open(ROOM, 17)) {
			Path copy = layOut(cache, jar).resolveSibling(".lib/a.jar");
			Files.setLastModifiedTime(copy.getParent(), FileTime.from(Instant.now().minus(Duration.ofHours(2))));
			layOut(cache, jar);
			assertThat(copy).hasSameBinaryContentAs(library);
		}
	}

	@Test
	void archiveOfClassesHasToDoWhereNoAotCacheCanBeMade() throws Exception {
		String jvm = script("echo 'Not with this collector'; exit 1");
		try (ArchiveCache cache = open(ROOM, 25)) {
			LayoutArchives archives = layOut(cache, "one").archives();
			WorkerStart first = archives.start(command(jvm, List.of()), Map.of(), List.of());
			Files.writeString(path(first, "-XX:AOTConfiguration="), "methods");
			first.ended().accept(0);
			assertThat(archives.await(LIMIT)).isFalse();
			assertThat(drafts()).isEmpty();
			assertThat(this.problems).containsExactly("Falling back to an archive of classes, "
					+ "as no AOT cache could be created: the JVM failed (exit code 1): Not with this collector");
			WorkerStart second = archives.start(command(jvm, List.of()), Map.of(), List.of());
			Files.writeString(draft(second), "classes");
			second.ended().accept(0);
			WorkerStart third = archives.start(command(jvm, List.of()), Map.of(), List.of());
			assertThat(path(third, "-XX:SharedArchiveFile=")).hasContent("classes");
		}
	}

	@Test
	void recordingOfAWorkerThatWasEndedMeanwhileIsDeleted() throws Exception {
		try (ArchiveCache cache = open(ROOM, 25)) {
			LayoutArchives archives = layOut(cache, "one").archives();
			WorkerStart first = archives.start(command(), Map.of(), List.of());
			Path configuration = Files.writeString(path(first, "-XX:AOTConfiguration="), "half of the met");
			first.ended().accept(137);
			assertThat(configuration).doesNotExist();
			assertThat(archives.await(LIMIT)).isFalse();
			assertThat(archives.start(command(), Map.of(), List.of()).command().jvmArguments())
				.as("the next worker records")
				.contains("-XX:AOTMode=record");
		}
	}

	@Test
	void jvmThatMakesAnAotCacheEndsWithTheMaster() throws Exception {
		Path pid = this.base.resolve("pid");
		String jvm = script("echo $$ > '%s.new'; mv '%s.new' '%s'; exec sleep 60".formatted(pid, pid, pid));
		try (ArchiveCache cache = open(ROOM, 25)) {
			LayoutArchives archives = layOut(cache, "one").archives();
			WorkerStart first = archives.start(command(jvm, List.of()), Map.of(), List.of());
			Files.writeString(path(first, "-XX:AOTConfiguration="), "methods");
			first.ended().accept(0);
			Awaitility.await().until(() -> Files.exists(pid));
			cache.retain(List.of());
			assertThat(cache.finish(Duration.ofMillis(1))).as("though no generation needs it").isFalse();
			cache.close();
			assertThat(archives.await(LIMIT)).isFalse();
			assertThat(ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))).isEmpty();
			assertThat(drafts()).isEmpty();
		}
	}

	private List<Path> drafts() throws IOException {
		try (Stream<Path> files = Files.walk(this.folder)) {
			return files.filter((file) -> file.getFileName().toString().startsWith(".")).toList();
		}
	}

	private static Path path(WorkerStart start, String option) {
		return start.command()
			.jvmArguments()
			.stream()
			.filter((argument) -> argument.startsWith(option))
			.map((argument) -> Path.of(argument.substring(option.length())))
			.findFirst()
			.orElseThrow();
	}

	private static Path draft(WorkerStart start) {
		return path(start, "-XX:ArchiveClassesAtExit=");
	}

	private ArchiveCache open(long maxSize, int release) throws IOException {
		return ArchiveCache.open(this.folder, maxSize, release, this.problems::add);
	}

	private ApplicationLayout layOut(ArchiveCache cache, String content) throws IOException {
		return Objects.requireNonNull(cache.layOut(snapshot(content, LAUNCHER, TOOLS), this.java));
	}

	private Path layOut(ArchiveCache cache, Path jar) throws IOException {
		return Objects.requireNonNull(cache.layOut(snapshot(jar), this.java)).jar();
	}

	private ApplicationSnapshot snapshot(String content, String launcher, @Nullable String tools) throws IOException {
		List<String> entries = new ArrayList<>(List.of(launcher.replace('.', '/') + ".class"));
		if (tools != null) {
			entries.add(tools);
		}
		return snapshot(jar(this.base.resolve("app.jar"), "Main-Class: %s\n".formatted(launcher), content,
				entries.toArray(String[]::new)));
	}

	private ApplicationSnapshot snapshot(Path jar) {
		return ApplicationSnapshot.take(jar, this.base.resolve("snapshot-" + ++this.lastSnapshot), null);
	}

	private static Path jar(Path jar, String manifest, String content, String... entries) throws IOException {
		try (OutputStream file = Files.newOutputStream(jar); JarOutputStream zip = new JarOutputStream(file)) {
			put(zip, JarFile.MANIFEST_NAME, "Manifest-Version: 1.0\n" + manifest);
			for (String entry : entries) {
				put(zip, entry, content);
			}
			put(zip, "content", content);
		}
		Files.setLastModifiedTime(jar, FileTime.from(Instant.parse("2026-02-02T02:02:02Z")));
		return jar;
	}

	private static void put(JarOutputStream zip, String name, String content) throws IOException {
		ZipEntry entry = new ZipEntry(name);
		entry.setTime(0);
		zip.putNextEntry(entry);
		zip.write(content.getBytes());
		zip.closeEntry();
	}

	private static JvmCommand command(String... options) {
		return command("java", List.of(options));
	}

	private static JvmCommand command(String java, List<String> options) {
		return new JvmCommand(java, options, List.of("-jar", "app.jar"), List.of());
	}

	private int calls() throws IOException {
		return Files.readAllLines(this.base.resolve("calls")).size();
	}

}
