package io.github.bootcluster.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.bootcluster.file.FileTree;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Promises on the snapshot: it is whole or there is none.
 */
@Timeout(60)
class ApplicationSnapshotTests {

	@TempDir
	private Path base;

	private Path jar;

	private Path generations;

	@BeforeEach
	void name() {
		this.jar = this.base.resolve("app/app.jar");
		this.generations = this.base.resolve("work/generations");
	}

	@Test
	void snapshotIsACopyWithTheSameNameAndTimeThatIsTheOwnersAlone() throws Exception {
		TestJar.runnable().write(this.jar);
		Files.setLastModifiedTime(this.jar, FileTime.from(Instant.parse("2020-01-02T03:04:05Z")));
		Path copy = take(1).jar();
		assertThat(copy).isEqualTo(this.generations.resolve("1/app.jar")).hasSameBinaryContentAs(this.jar);
		assertThat(Files.getLastModifiedTime(copy)).isEqualTo(Files.getLastModifiedTime(this.jar));
		assertThat(permissions(copy)).isEqualTo("rw-------");
		assertThat(permissions(this.generations.resolve("1"))).isEqualTo("rwx------");
	}

	@Test
	void snapshotOutlivesWhateverIsDoneToTheOriginal() throws Exception {
		TestJar.runnable().write(this.jar);
		byte[] before = Files.readAllBytes(this.jar);
		Path copy = take(1).jar();
		TestJar.runnable().ballast(1000).write(this.jar);
		assertThat(copy).hasBinaryContent(before);
		Files.delete(this.jar);
		assertThat(copy).hasBinaryContent(before);
	}

	@Test
	void filesThatSomebodyHasDeletedAreMadeAnewFromTheSameOriginal() throws Exception {
		TestJar.runnable().write(this.jar);
		ApplicationSnapshot snapshot = take(1);
		FileTree.delete(this.generations.resolve("1"));
		assertThat(snapshot.isComplete()).isFalse();
		snapshot.restore();
		assertThat(snapshot.isComplete()).isTrue();
		assertThat(snapshot.jar()).hasSameBinaryContentAs(this.jar);
		assertThat(permissions(snapshot.jar())).isEqualTo("rw-------");
	}

	@Test
	void filesThatSomebodyHasDeletedAreNotMadeFromAnotherOriginal() throws Exception {
		TestJar.runnable().write(this.jar);
		byte[] content = Files.readAllBytes(this.jar);
		FileTime time = Files.getLastModifiedTime(this.jar);
		ApplicationSnapshot snapshot = take(1);
		Files.delete(snapshot.jar());
		content[content.length - 1] ^= 1;
		Files.write(this.jar, content);
		Files.setLastModifiedTime(this.jar, time);
		assertThatIOException().isThrownBy(snapshot::restore).withMessageContaining(this.jar.toString());
		assertThat(snapshot.jar().getParent()).isEmptyDirectory();
		Files.delete(this.jar);
		assertThatIOException().isThrownBy(snapshot::restore).withMessageContaining("does not exist any more");
	}

	@Test
	void symbolicLinkIsResolvedAnewEachTime() throws Exception {
		Path first = TestJar.runnable().entry("a", "1").write(this.base.resolve("v1/app.jar"));
		Path second = TestJar.runnable().entry("a", "2").write(this.base.resolve("v2/app.jar"));
		Path link = Files.createSymbolicLink(this.base.resolve("current"), first.getParent());
		this.jar = link.resolve("app.jar");
		Path one = take(1).jar();
		Files.delete(link);
		Files.createSymbolicLink(link, second.getParent());
		Path two = take(2).jar();
		assertThat(one).hasSameBinaryContentAs(first);
		assertThat(two).hasSameBinaryContentAs(second);
		assertThat(Files.isSymbolicLink(two)).isFalse();
	}

	@Test
	void extractedApplicationKeepsItsLayout() throws Exception {
		runnable("lib/a.jar lib/b%20c.jar lib/missing.jar").write(this.jar);
		Path a = TestJar.empty().entry("a", "a").write(this.jar.resolveSibling("lib/a.jar"));
		TestJar.empty().entry("b", "b").write(this.jar.resolveSibling("lib/b c.jar"));
		Files.writeString(this.jar.resolveSibling("unrelated"), "not of the application");
		Path copy = take(1).jar();
		assertThat(copy.resolveSibling("lib/a.jar")).hasSameBinaryContentAs(a);
		assertThat(files()).containsExactly("1/app.jar", "1/lib/a.jar", "1/lib/b c.jar");
	}

	@Test
	void classPathOfALibraryIsFollowed() throws Exception {
		runnable("lib/a.jar").write(this.jar);
		TestJar.empty().manifest("Class-Path", "b.jar a.jar").write(this.jar.resolveSibling("lib/a.jar"));
		Files.writeString(this.jar.resolveSibling("lib/b.jar"), "This is no JAR, which the JVM passes over");
		take(1);
		assertThat(files()).containsExactly("1/app.jar", "1/lib/a.jar", "1/lib/b.jar");
	}

	@Test
	void whatLiesBesideTheFolderOfTheJarKeepsItsPlaceToo() throws Exception {
		this.jar = this.base.resolve("app/bin/app.jar");
		runnable("../lib/a.jar ../classes/").write(this.jar);
		TestJar.empty().entry("a", "a").write(this.base.resolve("app/lib/a.jar"));
		Files.createDirectories(this.base.resolve("app/classes/x"));
		Files.writeString(this.base.resolve("app/classes/x/settings"), "a=b");
		Path copy = take(1).jar();
		assertThat(copy).isEqualTo(this.generations.resolve("1/bin/app.jar"));
		assertThat(files()).containsExactly("1/bin/app.jar", "1/classes/x/settings", "1/lib/a.jar");
	}

	@Test
	void whatIsNamedAbsolutelyIsLeftWhereItIs() throws Exception {
		Path elsewhere = TestJar.empty().entry("com/example/Main.class", "main").write(this.base.resolve("a.jar"));
		TestJar.empty()
			.manifest("Main-Class", "com.example.Main", "Class-Path", elsewhere.toUri().toString())
			.write(this.jar);
		take(1);
		assertThat(files()).containsExactly("1/app.jar");
	}

	@Test
	void folderAroundTheJarIsLinkedToInsteadOfCopied() throws Exception {
		runnable("./ lib/a.jar").write(this.jar);
		TestJar.empty().entry("a", "a").write(this.jar.resolveSibling("lib/a.jar"));
		Path settings = Files.writeString(this.jar.resolveSibling("settings"), "a=b");
		ApplicationSnapshot snapshot = take(1);
		assertThat(files()).containsExactly("1/app.jar", "1/lib/a.jar", "1/settings");
		assertThat(snapshot.jar().resolveSibling("settings")).isSymbolicLink().hasSameBinaryContentAs(settings);
		snapshot.delete();
		assertThat(settings).exists();
		assertThat(files()).isEmpty();
	}

	@Test
	void linksThatSomebodyHasDeletedAreMadeAnew() throws Exception {
		runnable("./ lib/a.jar").write(this.jar);
		TestJar.empty().entry("a", "a").write(this.jar.resolveSibling("lib/a.jar"));
		Path settings = Files.writeString(this.jar.resolveSibling("settings"), "a=b");
		ApplicationSnapshot snapshot = take(1);
		Path link = snapshot.jar().resolveSibling("settings");
		Files.delete(link);
		assertThat(snapshot.isComplete()).isFalse();
		snapshot.restore();
		assertThat(snapshot.isComplete()).isTrue();
		assertThat(Files.readSymbolicLink(link)).isEqualTo(settings);
		FileTree.delete(this.generations.resolve("1"));
		snapshot.restore();
		assertThat(files()).containsExactly("1/app.jar", "1/lib/a.jar", "1/settings");
		assertThat(Files.readSymbolicLink(link)).isEqualTo(settings);
	}

	@Test
	void mainClassMayLieInALibrary() throws Exception {
		TestJar.empty().manifest("Main-Class", "com.example.Main", "Class-Path", "lib/a.jar").write(this.jar);
		TestJar.empty().entry("com/example/Main.class", "main").write(this.jar.resolveSibling("lib/a.jar"));
		assertThat(take(1).jar()).exists();
	}

	@Test
	void jarThatDoesNotExistIsRefused() throws Exception {
		Files.createDirectories(this.jar.getParent());
		assertRefused("it does not exist");
	}

	@Test
	void fileThatIsNoJarIsRefused() throws Exception {
		Files.createDirectories(this.jar.getParent());
		Files.writeString(this.jar, "This is no JAR");
		assertRefused("it is no whole JAR (");
		Files.writeString(this.jar, "");
		assertRefused("it is no whole JAR (");
	}

	@Test
	void folderIsRefused() throws Exception {
		Files.createDirectories(this.jar);
		assertRefused("");
	}

	@Test
	void jarThatWasNotWrittenToItsEndIsRefused() throws Exception {
		byte[] whole = Files.readAllBytes(TestJar.runnable().ballast(100_000).write(this.jar));
		for (int length : new int[] { 10, whole.length / 2, whole.length - 30, whole.length - 1 }) {
			Files.write(this.jar, Arrays.copyOf(whole, length));
			assertRefused("it is no whole JAR (");
		}
		Files.write(this.jar, whole);
		assertThat(take(1).jar()).hasBinaryContent(whole);
	}

	@Test
	void entryThatIsDamagedIsRefused() throws Exception {
		byte[] content = Files.readAllBytes(TestJar.runnable().ballast(100_000).write(this.jar));
		for (int i = 0; i < 512; i++) {
			content[content.length / 2 + i] = 0;
		}
		Files.write(this.jar, content);
		assertRefused("it is no whole JAR (");
	}

	@Test
	void jarWithoutAMainClassIsRefused() throws Exception {
		TestJar.empty().entry("a", "a").write(this.jar);
		assertRefused("its manifest names no main class");
		TestJar.empty().manifest("Created-By", "a test").write(this.jar);
		assertRefused("its manifest names no main class");
		TestJar.empty().manifest("Main-Class", "com.example.Main").write(this.jar);
		assertRefused("it does not contain its main class 'com.example.Main'");
	}

	@Test
	void jarThatIsBeingWrittenIsRefused() throws Exception {
		TestJar.runnable().write(this.jar);
		AtomicInteger attempts = new AtomicInteger();
		assertThatExceptionOfType(SnapshotException.class).isThrownBy(() -> take(() -> touch(attempts)))
			.satisfies((ex) -> assertThat(ex.getProblem()).isEqualTo("it is being written"));
		assertThat(attempts).hasValueGreaterThan(1);
		assertThat(files()).isEmpty();
		assertThat(take(1).jar()).exists();
	}

	private void touch(AtomicInteger attempts) {
		try {
			Files.setLastModifiedTime(this.jar, FileTime.fromMillis(attempts.incrementAndGet()));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void jarThatIsReplacedWhileItIsCopiedIsCopiedAgain() throws Exception {
		TestJar.runnable().entry("a", "1").write(this.jar);
		Path next = TestJar.runnable().entry("a", "2").write(this.base.resolve("next.jar"));
		Files.setLastModifiedTime(next, Files.getLastModifiedTime(this.jar));
		Path copy = take(() -> moveOver(next)).jar();
		assertThat(copy).hasSameBinaryContentAs(this.jar);
		assertThat(next).doesNotExist();
	}

	private void moveOver(Path next) {
		try {
			if (Files.exists(next)) {
				Files.move(next, this.jar, StandardCopyOption.REPLACE_EXISTING);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void jarThatIsWrittenToItsEndMeanwhileIsTaken() throws Exception {
		byte[] whole = Files.readAllBytes(TestJar.runnable().ballast(100_000).write(this.jar));
		byte[] damaged = whole.clone();
		damaged[whole.length / 2] ^= 1;
		Files.write(this.jar, damaged);
		assertThat(take(() -> finish(whole)).jar()).hasBinaryContent(whole);
	}

	private void finish(byte[] whole) {
		try {
			if (!Arrays.equals(Files.readAllBytes(this.jar), whole)) {
				Files.write(this.jar, whole);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void folderThatCannotBeWrittenToIsNamed() throws Exception {
		TestJar.runnable().write(this.jar);
		Files.createDirectories(this.generations.getParent());
		Files.writeString(this.generations, "a file is in the way");
		assertThatExceptionOfType(SnapshotException.class).isThrownBy(() -> take(1))
			.withMessageContaining(this.generations.toString());
	}

	@Test
	void fullDiskIsSaidToBeFull() throws Exception {
		TestJar.runnable().ballast(3_000_000).write(this.jar);
		Files.createDirectories(this.generations);
		Assumptions.assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=1m", "none", this.generations.toString()),
				"only root may mount");
		try {
			assertRefused("there is not enough space for a copy in '" + this.generations + "'");
			assertThat(run("umount", this.generations.toString())).isTrue();
		}
		finally {
			run("umount", this.generations.toString());
		}
		assertThat(take(1).jar()).exists();
	}

	@Test
	void anotherFailureIsToldWithTheFolderThatIsWrittenTo() {
		assertThat(ApplicationSnapshot.describe(new IOException("No space left on device"), this.jar,
				this.generations.resolve("1")))
			.isEqualTo("it cannot be copied to '%s': No space left on device", this.generations);
	}

	private static boolean run(String... command) throws Exception {
		try {
			return new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start()
				.waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Test
	void interruptedThreadGivesUpAndLeavesNothing() throws Exception {
		TestJar.runnable().write(this.jar);
		Thread.currentThread().interrupt();
		try {
			assertRefused("the attempt was interrupted");
			assertThat(Thread.currentThread().isInterrupted()).isTrue();
		}
		finally {
			Thread.interrupted();
		}
	}

	@Test
	void whatAnEarlierAttemptLeftIsNotInTheWay() throws Exception {
		TestJar.runnable().write(this.jar);
		Files.createDirectories(this.generations.resolve(".1/app.jar"));
		assertThat(take(1).jar()).isRegularFile();
		assertThat(files()).containsExactly("1/app.jar");
	}

	@Test
	void accountOfTheWorkersMayReadAndNobodyElse() throws Exception {
		TestJar.runnable().write(this.jar);
		Assumptions.assumeTrue(Files.getAttribute(this.jar, "unix:uid").equals(0), "Only root can give files away");
		Path copy = ApplicationSnapshot
			.take(this.jar, this.generations.resolve("1"),
					new WorkerAccount("nobody", 65534, "nogroup", 65534, "/", true))
			.jar();
		assertThat(permissions(copy)).isEqualTo("rw-r-----");
		assertThat(permissions(this.generations.resolve("1"))).isEqualTo("rwxr-x---");
		assertThat(Files.getAttribute(copy, "unix:uid")).isEqualTo(0);
		assertThat(Files.getAttribute(copy, "unix:gid")).isEqualTo(65534);
	}

	private static TestJar runnable(String classPath) {
		return TestJar.runnable().manifest("Main-Class", "com.example.Main", "Class-Path", classPath);
	}

	private ApplicationSnapshot take(int generation) {
		return ApplicationSnapshot.take(this.jar, this.generations.resolve(Integer.toString(generation)), null);
	}

	private ApplicationSnapshot take(Runnable copied) {
		return ApplicationSnapshot.take(this.jar, this.generations.resolve("1"), null, copied);
	}

	private void assertRefused(String problem) throws IOException {
		assertThatExceptionOfType(SnapshotException.class).isThrownBy(() -> take(1)).satisfies((ex) -> {
			assertThat(ex.getProblem()).startsWith(problem);
			assertThat(ex.getJar()).isEqualTo(this.jar);
			assertThat(ex).hasMessageContaining(this.jar.toString());
		});
		assertThat(files()).isEmpty();
	}

	private Stream<String> files() throws IOException {
		if (!Files.exists(this.generations)) {
			return Stream.empty();
		}
		try (Stream<Path> files = Files.walk(this.generations)) {
			return files.filter((file) -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
				.map((file) -> this.generations.relativize(file).toString())
				.sorted()
				.toList()
				.stream();
		}
	}

	private static String permissions(Path file) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
	}

}
