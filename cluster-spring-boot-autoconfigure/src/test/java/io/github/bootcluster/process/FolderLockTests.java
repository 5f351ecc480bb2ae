package io.github.bootcluster.process;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Promises on the lock that cleaners of temporary files respect.
 */
@Timeout(60)
class FolderLockTests {

	@TempDir
	private Path base;

	@Test
	void cleanerOfTemporaryFilesSparesTheFolderForAsLongAsAProcessLives() throws Exception {
		Path folder = Files.createDirectories(this.base.resolve("tmp/locked"));
		Path other = Files.createDirectories(this.base.resolve("tmp/other"));
		Files.createFile(folder.resolve("app.jar"));
		Files.createFile(other.resolve("app.jar"));
		List<String> command = FolderLock.on(folder).command(List.of("cat"));
		Assumptions.assumeTrue(command.size() > 1, "There is no flock of util-linux");
		Path settings = Files.writeString(this.base.resolve("tmpfiles.conf"),
				"d %s - - - 1us\n".formatted(folder.getParent()));
		Process process = new ProcessBuilder(command).start();
		try {
			process.getOutputStream().write("locked\n".getBytes());
			process.getOutputStream().flush();
			assertThat(process.inputReader().readLine()).isEqualTo("locked");
			Assumptions.assumeTrue(clean(settings), "There is no systemd-tmpfiles");
			assertThat(other.resolve("app.jar")).doesNotExist();
			assertThat(folder.resolve("app.jar")).exists();
		}
		finally {
			process.destroyForcibly().waitFor();
		}
		assertThat(clean(settings)).isTrue();
		assertThat(folder.resolve("app.jar")).doesNotExist();
	}

	@Test
	void folderIsLockedBesideWorkersThatDoNotGetTheLock() throws Exception {
		Path folder = Files.createDirectory(this.base.resolve("locked"));
		assumeTool(folder);
		FolderLock lock = FolderLock.beside(folder);
		try {
			assertThat(lock.command(List.of("java"))).containsExactly("java");
			await().until(() -> !mayLock(folder));
			holders().forEach(ProcessHandle::destroyForcibly);
			await().until(() -> mayLock(folder));
			lock.command(List.of("java"));
			lock.command(List.of("java"));
			await().until(() -> !mayLock(folder));
			assertThat(holders()).hasSize(1);
		}
		finally {
			holders().forEach(ProcessHandle::destroyForcibly);
		}
	}

	private static Stream<ProcessHandle> holders() {
		return ProcessHandle.current()
			.children()
			.filter((child) -> child.info().command().filter((command) -> command.endsWith("/cat")).isPresent());
	}

	private static void assumeTool(Path folder) {
		Assumptions.assumeTrue(FolderLock.on(folder).command(List.of("true")).size() > 1,
				"There is no flock of util-linux");
	}

	private static boolean mayLock(Path folder) throws Exception {
		return new ProcessBuilder("flock", "--exclusive", "--nonblock", folder.toString(), "true").start()
			.waitFor() == 0;
	}

	private static boolean clean(Path settings) throws InterruptedException {
		try {
			return new ProcessBuilder("systemd-tmpfiles", "--clean", settings.toString()).redirectErrorStream(true)
				.redirectOutput(Redirect.DISCARD)
				.start()
				.waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Test
	void toolThatDoesNotKnowTheOptionsIsNotUsed() throws Exception {
		Path tool = Files.writeString(this.base.resolve("flock"), "#!/bin/sh\nexit 1\n");
		Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
		assertThat(FolderLock.on(this.base, this.base.toString()).command(List.of("true"))).containsExactly("true");
		assertThat(FolderLock.on(this.base, "").command(List.of("true"))).containsExactly("true");
	}

}
