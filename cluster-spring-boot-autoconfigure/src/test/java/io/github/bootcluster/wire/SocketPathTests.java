package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import io.netty.channel.EventLoopGroup;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises on the paths of the sockets: those that cannot be are told apart before
 * anything is made.
 */
class SocketPathTests {

	/**
	 * The longest path of a Unix socket, less the longest names below the base.
	 */
	private static final int LONGEST_BASE = 107 - "/bootcluster-18446744073709551615/control.sock".length();

	@TempDir
	private Path temporary;

	@RepeatedTest(8)
	void longestPathThatIsAcceptedFitsWhateverTheNumberInIt() throws IOException {
		Path base = baseOfLength(LONGEST_BASE);
		EventLoopGroup loop = Transport.detect().newEventLoop("test");
		try (SocketDirectory directory = SocketDirectory.create(base);
				ControlServer server = ControlServer.open(directory, Transport.detect(), loop,
						new RecordingControlListener())) {
			assertThat(directory.control()).exists();
			assertThat(server).isNotNull();
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.path())))
				.isEqualTo("rwx------");
		}
		finally {
			loop.shutdownGracefully();
		}
		assertThat(base).isEmptyDirectory();
	}

	@Test
	void configuredPathThatIsTooLongIsRefusedAndNotMade() {
		Path base = baseOfLength(LONGEST_BASE + 1);
		assertThatExceptionOfType(WorkDirectoryException.class).isThrownBy(() -> SocketDirectory.create(base))
			.satisfies((ex) -> {
				assertThat(ex.getDirectory()).isEqualTo(base);
				assertThat(ex.getProblem()).isEqualTo("the path of a Unix socket in it would be longer than 107 bytes");
			});
		assertThat(base).doesNotExist();
	}

	@Test
	void lengthIsCountedInBytes() {
		Path base = this.temporary.resolve("ü".repeat((LONGEST_BASE - this.temporary.toString().length()) / 2 + 1));
		assertThat(base.toString()).hasSizeLessThan(LONGEST_BASE);
		assertThatExceptionOfType(WorkDirectoryException.class).isThrownBy(() -> SocketDirectory.create(base));
	}

	@Test
	void defaultThatIsTooLongGivesWayToAShorterOne() throws IOException {
		String before = System.getProperty("java.io.tmpdir");
		Path tooLong = Files.createDirectory(baseOfLength(LONGEST_BASE + 1));
		System.setProperty("java.io.tmpdir", tooLong.toString());
		try (SocketDirectory directory = SocketDirectory.create(null)) {
			assertThat(directory.path()).isDirectory();
			assertThat(directory.control().toString()).hasSizeLessThanOrEqualTo(107);
			assertThat(tooLong).isEmptyDirectory();
		}
		finally {
			System.setProperty("java.io.tmpdir", before);
		}
	}

	@Test
	void fileInTheWayIsNamedAsSuch() throws IOException {
		Path file = Files.createFile(this.temporary.resolve("file"));
		assertProblem(file, "a file of this name exists that is not a folder");
		assertProblem(file.resolve("below"), "Not a directory");
		assertThat(file).isRegularFile();
	}

	private static void assertProblem(Path base, String problem) {
		assertThatExceptionOfType(WorkDirectoryException.class).isThrownBy(() -> SocketDirectory.create(base))
			.withMessage("Work directory '%s' cannot be used: %s", base, problem)
			.satisfies((ex) -> {
				assertThat(ex.getDirectory()).isEqualTo(base);
				assertThat(ex.getProblem()).isEqualTo(problem);
			});
	}

	private Path baseOfLength(int length) {
		int missing = length - this.temporary.toString().length() - 1;
		assertThat(missing).as("room below " + this.temporary).isPositive();
		return this.temporary.resolve("x".repeat(missing));
	}

}
