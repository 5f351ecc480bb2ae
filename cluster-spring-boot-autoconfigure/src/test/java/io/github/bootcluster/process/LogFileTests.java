package io.github.bootcluster.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

class LogFileTests {

	@TempDir
	Path directory;

	private Path file;

	private LogFile log;

	private final List<String> problems = new ArrayList<>();

	@BeforeEach
	void create() {
		this.file = this.directory.resolve("worker-1.log");
		this.log = new LogFile(this.file, this.problems::add);
	}

	@AfterEach
	void close() throws IOException {
		this.log.close();
	}

	@Test
	void logIsItsOwnersAlone() throws IOException {
		write("one\n");
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(this.file))).isEqualTo("rw-------");
	}

	@Test
	void whatTheLogHoldsAlreadyStays() throws IOException {
		Files.writeString(this.file, "zero\n");
		write("one\n");
		assertThat(this.file).hasContent("zero\none");
	}

	@Test
	void twoWritersOfOneLogDoNotOverwriteEachOther() throws IOException {
		LogFile other = new LogFile(this.file, this.problems::add);
		write("one\n");
		other.write("two\n".getBytes(StandardCharsets.UTF_8), 4);
		write("three\n");
		other.close();
		assertThat(this.file).hasContent("one\ntwo\nthree");
	}

	@Test
	void logThatWasRenamedIsMadeAnew() throws IOException {
		write("one\n");
		Path rotated = Files.move(this.file, this.directory.resolve("worker-1.log.1"));
		write("two\n");
		assertThat(rotated).hasContent("one");
		assertThat(this.file).hasContent("two");
	}

	@Test
	void logThatWasEmptiedGoesOnAtItsBeginning() throws IOException {
		write("one\n");
		Files.write(this.file, new byte[0], StandardOpenOption.TRUNCATE_EXISTING);
		write("two\n");
		assertThat(Files.readAllBytes(this.file)).isEqualTo("two\n".getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void linesThatTheDiskHadNoRoomForAreCountedInTheirPlace() throws IOException {
		Files.createSymbolicLink(this.file, Path.of("/dev/full"));
		write("one\ntwo\n");
		write("three\n");
		assertThat(this.problems).containsExactly(
				"'%s' cannot be written, lines are lost until it can: No space left on device".formatted(this.file));
		Files.delete(this.file);
		write("four\n");
		write("five\n");
		assertThat(this.file).hasContent("(3 lines are lost, as this file could not be written)\nfour\nfive");
		assertThat(this.problems).hasSize(2)
			.last()
			.isEqualTo("'%s' can be written again, 3 lines are lost".formatted(this.file));
	}

	@Test
	void logThatCannotBeOpenedCostsNothingButItsLines() throws IOException {
		Files.createDirectory(this.file);
		write("one\n");
		assertThat(this.problems).singleElement().asString().contains("lines are lost");
		Files.delete(this.file);
		write("two\n");
		assertThat(this.file).hasContent("(1 lines are lost, as this file could not be written)\ntwo");
	}

	private void write(String lines) {
		byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
		this.log.write(bytes, bytes.length);
	}

}
