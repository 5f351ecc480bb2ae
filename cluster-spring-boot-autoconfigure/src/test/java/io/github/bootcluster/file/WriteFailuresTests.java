package io.github.bootcluster.file;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Promises on what operators read when something cannot be written.
 */
class WriteFailuresTests {

	@TempDir
	private Path folder;

	@Test
	void pathAloneIsNoReason() {
		assertThat(WriteFailures.describe(new AccessDeniedException("/a")))
			.isEqualTo("the account of this process may not write there");
		assertThat(WriteFailures.describe(new FileSystemException("/a", null, "Read-only file system")))
			.isEqualTo("Read-only file system");
		assertThat(WriteFailures.describe(new FileSystemException("/a"))).contains("FileSystemException", "/a");
	}

	@Test
	void missingFolderAndFileInItsPlaceAreSaid() throws IOException {
		Path file = Files.createFile(this.folder.resolve("file"));
		assertThat(WriteFailures.describe(
				catchThrowableOfType(IOException.class, () -> Files.createFile(this.folder.resolve("missing/file")))))
			.isEqualTo("its folder does not exist");
		assertThat(WriteFailures.describe(catchThrowableOfType(IOException.class, () -> Files.createDirectories(file))))
			.isEqualTo("a file of this name exists that is not a folder");
	}

	@Test
	void otherFailuresSpeakForThemselves() {
		assertThat(WriteFailures.describe(new IOException("no luck"))).isEqualTo("no luck");
		assertThat(WriteFailures.describe(new IOException())).isEqualTo("java.io.IOException");
	}

}
