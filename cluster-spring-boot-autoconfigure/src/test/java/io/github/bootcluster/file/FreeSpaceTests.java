package io.github.bootcluster.file;

import java.io.IOException;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on what a failure to write is put down to.
 */
class FreeSpaceTests {

	private static final long MORE_THAN_THERE_IS = Long.MAX_VALUE / 2;

	@TempDir
	private Path directory;

	@Test
	void fullDiskIsToldByItsSpaceAndNotByTheLanguageOfTheSystem() {
		IOException german = new IOException("Auf dem Ger\u00e4t ist kein Speicherplatz mehr verf\u00fcgbar");
		assertThat(FreeSpace.explain(german, this.directory, MORE_THAN_THERE_IS)).isInstanceOf(NoSpaceException.class)
			.hasMessage("there is not enough space in '" + this.directory + "'")
			.hasCause(german);
	}

	@Test
	void failureOnADiskWithSpaceStaysWhatItIsWhateverItSays() {
		IOException failure = new IOException("No space left on device");
		assertThat(FreeSpace.explain(failure, this.directory, 1)).isSameAs(failure);
	}

	@Test
	void folderThatIsMissingHasTheSpaceOfTheOneThatItWouldBeIn() {
		Path missing = this.directory.resolve("a/b");
		assertThat(FreeSpace.isLess(missing, MORE_THAN_THERE_IS)).isTrue();
		assertThat(FreeSpace.isLess(missing, 1)).isFalse();
	}

}
