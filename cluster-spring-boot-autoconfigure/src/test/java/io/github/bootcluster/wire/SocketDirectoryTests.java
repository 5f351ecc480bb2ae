package io.github.bootcluster.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import io.github.bootcluster.file.Marker;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

@Timeout(60)
class SocketDirectoryTests {

	@TempDir
	Path base;

	@Test
	void folderIsPrivate() throws IOException {
		try (SocketDirectory directory = SocketDirectory.create(this.base)) {
			assertThat(directory.path().getParent()).isEqualTo(this.base);
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
				.isEqualTo("rwx------");
			assertThat(directory.control().getParent()).isEqualTo(directory.path());
			assertThat(SocketDirectory.handoff(directory.control()).getParent()).isEqualTo(directory.path());
		}
	}

	@Test
	void accountOfTheWorkersReachesWhatIsItsOwnAndNothingElse() throws IOException {
		assumeRoot();
		try (SocketDirectory directory = SocketDirectory.create(this.base, new SocketUser(65534, 65533))) {
			Path socket = Files.createFile(directory.control());
			directory.admitWorkers(socket);
			assertThat(describe(directory.path())).isEqualTo("rwx--x--- 0 65533");
			assertThat(describe(directory.generations())).isEqualTo("rwx--x--- 0 65533");
			assertThat(describe(directory.path().resolve("lock"))).isEqualTo("rw------- 65534 65533");
			assertThat(describe(socket)).isEqualTo("rw------- 65534 65533");
		}
		assertThat(children()).isEmpty();
	}

	@Test
	void folderOfAnotherAccountIsLeftAlone() throws IOException {
		assumeRoot();
		Path planted = left("bootcluster-planted");
		Files.setAttribute(planted, "unix:uid", 65534);
		SocketDirectory.create(this.base).close();
		assertThat(children()).containsExactly(planted);
	}

	private void assumeRoot() throws IOException {
		Assumptions.assumeTrue(Files.getAttribute(this.base, "unix:uid").equals(0), "Only root can give files away");
	}

	private static String describe(Path file) throws IOException {
		return PosixFilePermissions.toString(Files.getPosixFilePermissions(file)) + " "
				+ Files.getAttribute(file, "unix:uid") + " " + Files.getAttribute(file, "unix:gid");
	}

	@Test
	void folderGoesWithAllThatIsInIt() throws IOException {
		SocketDirectory directory = SocketDirectory.create(this.base);
		Files.createFile(directory.control());
		directory.close();
		assertThat(children()).isEmpty();
	}

	@Test
	void baseIsCreatedAndStays() {
		Path deep = this.base.resolve("a/b");
		SocketDirectory.create(deep).close();
		assertThat(deep).isEmptyDirectory();
	}

	@Test
	void folderOfALivingMasterStays() throws IOException {
		try (SocketDirectory first = SocketDirectory.create(this.base);
				SocketDirectory second = SocketDirectory.create(this.base)) {
			assertThat(children()).containsExactlyInAnyOrder(first.path(), second.path());
		}
	}

	@Test
	void folderOfAMasterStaysUntilItsProcessHasEnded() throws Exception {
		Process master = java(LockHolder.class.getName(), this.base.toString());
		try (BufferedReader output = master.inputReader()) {
			Path its = Path.of(output.readLine());
			SocketDirectory.create(this.base).close();
			SocketDirectory.deleteAbandonedBy(its.resolve("control.sock"));
			assertThat(children()).containsExactly(its);
			master.destroyForcibly().waitFor();
			SocketDirectory.deleteAbandonedBy(its.resolve("control.sock"));
			assertThat(children()).isEmpty();
		}
		finally {
			master.destroyForcibly().waitFor();
		}
	}

	@Test
	void folderThatAKilledMasterLeftIsDeleted() throws IOException {
		Path left = left("bootcluster-123");
		Files.createFile(left.resolve("control.sock"));
		try (SocketDirectory directory = SocketDirectory.create(this.base)) {
			assertThat(children()).containsExactly(directory.path());
		}
	}

	@Test
	void snapshotsThatAKilledMasterLeftAreDeletedWithoutFollowingLinks() throws IOException {
		Path kept = Files.createDirectory(this.base.resolve("elsewhere"));
		Files.createFile(kept.resolve("precious"));
		Path left = left("bootcluster-123");
		Path snapshot = Files.createDirectories(left.resolve("generations/1"));
		Files.createFile(snapshot.resolve("app.jar"));
		Files.createSymbolicLink(snapshot.resolve("link"), kept);
		SocketDirectory.create(this.base).close();
		assertThat(children()).containsExactly(kept);
		assertThat(kept.resolve("precious")).exists();
	}

	@Test
	void snapshotsOfAKilledMasterStayUntilItsLastWorkerHasEnded() throws Exception {
		Path left = left("bootcluster-123");
		Files.createDirectories(left.resolve("generations/1"));
		Process worker = java(LockHolder.class.getName(), left.resolve("control.sock").toString(), "worker");
		try (BufferedReader output = worker.inputReader()) {
			assertThat(output.readLine()).isEqualTo("held");
			SocketDirectory.deleteAbandonedBy(left.resolve("control.sock"));
			SocketDirectory.create(this.base).close();
			assertThat(children()).containsExactly(left);
			worker.destroyForcibly().waitFor();
			SocketDirectory.deleteAbandonedBy(left.resolve("control.sock"));
			assertThat(children()).isEmpty();
		}
		finally {
			worker.destroyForcibly().waitFor();
		}
	}

	private Path left(String name) throws IOException {
		Path left = Files.createDirectory(this.base.resolve(name),
				PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
		Files.createFile(left.resolve("lock"));
		Marker.write(left);
		return left;
	}

	private static Process java(String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx32m", "-cp",
						System.getProperty("java.class.path")));
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
	}

	@Test
	void folderThatIsNoMastersIsLeftAlone() throws IOException {
		Path namedAlike = Files.createDirectory(this.base.resolve("cluster-data"));
		Files.createFile(namedAlike.resolve("lock"));
		Path unmarked = Files.createDirectory(this.base.resolve("bootcluster-data"));
		Files.createFile(unmarked.resolve("lock"));
		Path otherMark = left("bootcluster-other");
		Files.writeString(otherMark.resolve(Marker.NAME), "mine");
		Path open = left("bootcluster-open");
		Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
		Path elsewhere = left("elsewhere");
		Path link = Files.createSymbolicLink(this.base.resolve("bootcluster-link"), elsewhere);
		SocketDirectory.create(this.base).close();
		assertThat(children()).containsExactlyInAnyOrder(namedAlike, unmarked, otherMark, open, elsewhere, link);
		assertThat(elsewhere.resolve("lock")).exists();
	}

	@Test
	void folderIsFreshForCleanersOfTemporaryFilesAndStaysLocked() throws Exception {
		Process other = null;
		try (SocketDirectory directory = SocketDirectory.create(this.base)) {
			FileTime old = FileTime.from(Instant.now().minus(Duration.ofDays(30)));
			Path jar = Files.createFile(Files.createDirectories(directory.generations()).resolve("app.jar"));
			try (Stream<Path> files = Files.walk(directory.path())) {
				for (Path file : files.filter((file) -> !file.endsWith("lock")).toList()) {
					Files.getFileAttributeView(file, BasicFileAttributeView.class).setTimes(old, old, null);
				}
			}
			directory.refresh();
			try (Stream<Path> files = Files.walk(directory.path())) {
				assertThat(files).allSatisfy((file) -> assertThat(Files.readAttributes(file, BasicFileAttributes.class))
					.satisfiesAnyOf((found) -> assertThat(found.lastAccessTime()).isGreaterThan(old),
							(found) -> assertThat(found.lastModifiedTime()).isGreaterThan(old)));
			}
			assertThat(Files.getLastModifiedTime(jar).toInstant()).isCloseTo(old.toInstant(),
					within(1, ChronoUnit.SECONDS));
			other = java(LockHolder.class.getName(), this.base.toString());
			assertThat(other.inputReader().readLine()).isNotBlank();
			assertThat(directory.path()).exists();
		}
		finally {
			if (other != null) {
				other.destroyForcibly().waitFor();
			}
		}
	}

	@Test
	void baseThatIsTooLongForASocketIsRefused() {
		Path longBase = this.base.resolve("x".repeat(100));
		assertThatExceptionOfType(WorkDirectoryException.class).isThrownBy(() -> SocketDirectory.create(longBase))
			.withMessageContaining("107 bytes")
			.satisfies((ex) -> assertThat(ex.getDirectory()).isEqualTo(longBase));
		assertThat(longBase).doesNotExist();
	}

	@Test
	void defaultThatIsTooLongForASocketIsReplaced() throws IOException {
		Path longBase = Files.createDirectory(this.base.resolve("x".repeat(100)));
		String property = "java.io.tmpdir";
		String before = System.setProperty(property, longBase.toString());
		try (SocketDirectory directory = SocketDirectory.create(null)) {
			assertThat(directory.path().startsWith(longBase)).isFalse();
			assertThat(directory.control().toString().length()).isLessThanOrEqualTo(107);
		}
		finally {
			System.setProperty(property, before);
		}
	}

	@Test
	void baseThatIsAFileIsRefused() throws IOException {
		Path file = Files.createFile(this.base.resolve("file"));
		assertThatExceptionOfType(WorkDirectoryException.class).isThrownBy(() -> SocketDirectory.create(file))
			.withMessageContaining(file.toString());
	}

	private Stream<Path> children() throws IOException {
		try (Stream<Path> children = Files.list(this.base)) {
			return children.toList().stream();
		}
	}

}
