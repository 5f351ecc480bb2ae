package io.github.bootcluster.wire;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

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
		Process master = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx32m", "-cp", System.getProperty("java.class.path"), LockHolder.class.getName(),
				this.base.toString())
			.redirectError(ProcessBuilder.Redirect.INHERIT)
			.start();
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
		Path left = Files.createDirectory(this.base.resolve("cluster-123"));
		Files.createFile(left.resolve("lock"));
		Files.createFile(left.resolve("control.sock"));
		try (SocketDirectory directory = SocketDirectory.create(this.base)) {
			assertThat(children()).containsExactly(directory.path());
		}
	}

	@Test
	void folderThatIsNoMastersIsLeftAlone() throws IOException {
		Path other = Files.createDirectory(this.base.resolve("cluster-data"));
		Files.createFile(other.resolve("precious"));
		SocketDirectory.create(this.base).close();
		assertThat(other.resolve("precious")).exists();
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
