package io.github.bootcluster.sample;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on places that the master's sockets cannot be put in.
 */
class WorkDirectoryIT {

	private static final String ACTION = "Set cluster.work-directory to a short path of a folder that the account of this process can write to.";

	private Path directory;

	@BeforeEach
	void create() throws IOException {
		this.directory = Files.createTempDirectory("it-work-");
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxr-xr-x"));
	}

	@AfterEach
	void delete() throws IOException {
		FileSystemUtils.deleteRecursively(this.directory);
	}

	@Test
	void folderThatMayNotBeWrittenToIsExplained() throws Exception {
		try (OtherAccount account = OtherAccount.assumeAvailable();
				ClusterProcess process = ClusterProcess.named("work-directory-unwritable")
					.workers(2)
					.launchedBy(OtherAccount.becoming())
					.openTemporaryFolder()
					.target("-jar", account.readableCopy(Path.of(System.getProperty("sample.jar"))).toString())
					.args("--cluster.work-directory=" + this.directory)
					.start()) {
			assertExplained(process, this.directory, "the account of this process may not write there");
		}
		assertThat(this.directory).isEmptyDirectory();
	}

	@Test
	void folderThatAnotherAccountCanChangeIsRefused() throws Exception {
		Path below = Files.createDirectory(this.directory.resolve("below"));
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxrwxrwx"));
		try (ClusterProcess process = ClusterProcess.named("work-directory-untrusted")
			.workers(2)
			.args("--cluster.work-directory=" + below)
			.start()) {
			RefusedStart.assertExplained(process,
					"The sockets of the cluster cannot be put below '%s': '%s' belongs to '%s' and has the mode 0777: every account may write it."
						.formatted(below, this.directory, Files.getOwner(this.directory)),
					"Set cluster.work-directory to a folder that no other account can change, or mend '%s' by chown and chmod. The folder, and each one on the way to it, has to belong to root or to the account of this process, and may be written by no other account unless it has the sticky bit, as /tmp has (mode 1777)."
						.formatted(this.directory));
		}
		assertThat(below).isEmptyDirectory();
	}

	@Test
	void fileInTheWayIsExplained() throws Exception {
		Path file = Files.createFile(this.directory.resolve("file"));
		try (ClusterProcess process = ClusterProcess.named("work-directory-file")
			.workers(2)
			.args("--cluster.work-directory=" + file.resolve("sockets"))
			.start()) {
			assertExplained(process, file.resolve("sockets"), "Not a directory");
		}
	}

	@Test
	void configuredPathThatIsTooLongIsExplained() throws Exception {
		Path tooLong = this.directory.resolve("x".repeat(80));
		try (ClusterProcess process = ClusterProcess.named("work-directory-long")
			.workers(2)
			.args("--cluster.work-directory=" + tooLong)
			.start()) {
			assertExplained(process, tooLong, "the path of a Unix socket in it would be longer than 107 bytes");
		}
		assertThat(tooLong).doesNotExist();
	}

	@Test
	void defaultThatIsTooLongIsReplacedByAShorterPrivateFolderThatIsDeletedInTheEnd() throws Exception {
		Path tooLong = Files.createDirectory(this.directory.resolve("x".repeat(80)));
		Path sockets;
		try (ClusterProcess process = ClusterProcess.named("work-directory-long-default")
			.workers(1)
			.jvmArgs("-Djava.io.tmpdir=" + tooLong)
			.startReady()) {
			sockets = WorkerEnvironment.of(process.workers().iterator().next()).socketDirectory();
			assertThat(sockets).isDirectory();
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(sockets))).isEqualTo("rwx------");
			assertThat(sockets.startsWith(tooLong)).isFalse();
		}
		assertThat(sockets).doesNotExist();
		assertThat(tooLong).isEmptyDirectory();
	}

	@Test
	void readOnlyFileSystemIsExplained() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("work-directory-read-only")
			.workers(2)
			.launchedBy(mounting("ro"))
			.args("--cluster.work-directory=" + this.directory)
			.start()) {
			assertExplained(process, this.directory, "Read-only file system");
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 2, 4 })
	void fullFileSystemIsExplainedAndNothingIsLeftOnIt(int inodes) throws Exception {
		try (ClusterProcess process = ClusterProcess.named("work-directory-full-" + inodes)
			.workers(2)
			.launchedBy(mounting("nr_inodes=" + inodes))
			.args("--cluster.work-directory=" + this.directory)
			.start()) {
			assertThat(process.exitCode()).isOne();
			process.awaitLine("left on it: 0 files");
			assertThat(process.output().lines()).contains(ACTION)
				.anyMatch((line) -> line.startsWith("The sockets of the cluster cannot be put below '" + this.directory)
						&& line.endsWith("No space left on device."));
		}
	}

	private static void assertExplained(ClusterProcess process, Path directory, String problem)
			throws IOException, InterruptedException {
		RefusedStart.assertExplained(process,
				"The sockets of the cluster cannot be put below '%s': %s.".formatted(directory, problem), ACTION);
	}

	/**
	 * Mounts a file system for the process alone, which nobody else sees and which goes
	 * with it.
	 * @param options the options of the file system
	 * @return the launcher
	 */
	private String[] mounting(String options) throws IOException, InterruptedException {
		String mount = "mount -t tmpfs -o %s tmpfs %s".formatted(options, this.directory);
		int code = new ProcessBuilder("unshare", "-m", "sh", "-c", mount).inheritIO().start().waitFor();
		Assumptions.assumeTrue(code == 0, "No file system can be mounted here");
		return new String[] { "unshare", "-m", "sh", "-c",
				mount + "; \"$@\"; code=$?; echo \"left on it: $(ls -A %s | wc -l) files\"; exit $code"
					.formatted(this.directory),
				"sh" };
	}

}
