package io.github.bootcluster.master;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Promises about the pid file.
 */
@Timeout(60)
class PidFileTests {

	private static final long SELF = ProcessHandle.current().pid();

	@TempDir
	Path directory;

	private Path path;

	private final List<Process> processes = new ArrayList<>();

	@BeforeEach
	void choosePath() {
		this.path = this.directory.resolve("app.pid");
	}

	@AfterEach
	void endProcesses() {
		this.processes.forEach(Process::destroyForcibly);
	}

	@Test
	void fileHoldsTheProcessIdAndIsGoneAtTheEnd() throws Exception {
		PidFile file = PidFile.write(this.path);
		assertThat(this.path).hasContent(SELF + "\n");
		assertAlone();
		file.close();
		assertThat(this.path).doesNotExist();
		file.close();
	}

	@Test
	void fileOfAMasterThatLivesIsLeftAlone() throws Exception {
		PidFile.write(this.path);
		long other = process().pid();
		assertThatExceptionOfType(PidFileException.class).isThrownBy(() -> PidFile.write(this.path, other))
			.withMessage("Pid file '%s' is that of process %d, which is running", this.path, SELF)
			.satisfies((ex) -> assertThat(ex.getOwner()).isEqualTo(SELF));
		assertThat(this.path).hasContent(SELF + "\n");
		assertAlone();
	}

	@Test
	void fileOfAMasterThatHasDiedIsReplaced() throws Exception {
		Process dead = process();
		dead.destroyForcibly().waitFor();
		Files.writeString(this.path, dead.pid() + "\n");
		PidFile.write(this.path);
		assertThat(this.path).hasContent(SELF + "\n");
		assertAlone();
	}

	@Test
	void fileWhoseProcessIdBelongsToAYoungerProcessIsReplaced() throws Exception {
		Files.writeString(this.path, process().pid() + "\n");
		Files.setLastModifiedTime(this.path, FileTime.from(Instant.now().minus(Duration.ofHours(1))));
		PidFile.write(this.path);
		assertThat(this.path).hasContent(SELF + "\n");
	}

	@Test
	void fileOfAFormerMasterWithTheSameProcessIdIsReplaced() throws Exception {
		Files.writeString(this.path, SELF + "\n");
		PidFile.write(this.path).close();
		assertThat(this.path).doesNotExist();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "\n" })
	void fileThatIsEmptyIsReplaced(String content) throws Exception {
		Files.writeString(this.path, content);
		PidFile.write(this.path);
		assertThat(this.path).hasContent(SELF + "\n");
	}

	@ParameterizedTest
	@ValueSource(strings = { "passwords", "12 13", "-5", "a file that is far too long for a process id" })
	void fileThatIsNoPidFileIsLeftAlone(String content) throws Exception {
		Files.writeString(this.path, content);
		assertThatExceptionOfType(PidFileException.class).isThrownBy(() -> PidFile.write(this.path))
			.withMessageContaining(this.path.toString())
			.satisfies((ex) -> assertThat(String.valueOf(ex.getMessage()).replace(this.path.toString(), ""))
				.doesNotContain(content));
		assertThat(this.path).hasContent(content);
		assertAlone();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void symbolicLinkIsNotFollowed(boolean dangling) throws Exception {
		Path target = this.directory.resolve("target");
		if (!dangling) {
			Files.writeString(target, "");
		}
		Files.createSymbolicLink(this.path, target);
		assertThatExceptionOfType(PidFileException.class).isThrownBy(() -> PidFile.write(this.path))
			.withMessageContaining("it is a symbolic link, which is not followed");
		assertThat(Files.isSymbolicLink(this.path)).isTrue();
		assertThat(Files.exists(target, LinkOption.NOFOLLOW_LINKS)).isNotEqualTo(dangling);
		if (!dangling) {
			assertThat(target).isEmptyFile();
		}
	}

	@Test
	void folderIsRefused() throws Exception {
		Files.createDirectory(this.path);
		assertThatExceptionOfType(PidFileException.class).isThrownBy(() -> PidFile.write(this.path))
			.withMessageContaining("there is something of this name that is no pid file");
		assertThatExceptionOfType(PidFileException.class).isThrownBy(() -> PidFile.write(Path.of("/")))
			.withMessageContaining("it is a folder");
	}

	@Test
	void folderOfAnotherAccountIsNotTrusted() throws Exception {
		PidFile.requireTrusted(this.path);
		Files.setAttribute(this.directory, "unix:mode", 0777);
		assertThatExceptionOfType(PidFileException.class).isThrownBy(() -> PidFile.requireTrusted(this.path))
			.satisfies((ex) -> assertThat(ex.getProblem()).contains(this.directory.toString(),
					"has the mode 0777: every account may write it", "belong to root"));
	}

	@Test
	void folderThatDoesNotExistIsNamedWithTheReason() {
		assertThatExceptionOfType(PidFileException.class)
			.isThrownBy(() -> PidFile.write(this.directory.resolve("missing/app.pid")))
			.withMessage("Pid file '%s' cannot be written: its folder does not exist",
					this.directory.resolve("missing/app.pid"));
	}

	@Test
	void folderThatCannotBeWrittenToIsNamedWithTheReason() {
		assertThat(this.directory.toFile().setWritable(false)).isTrue();
		assumeThat(Files.isWritable(this.directory)).as("root may write everywhere").isFalse();
		assertThatExceptionOfType(PidFileException.class).isThrownBy(() -> PidFile.write(this.path))
			.withMessageContaining("the account of this process may not write there");
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void ofSeveralMastersThatStartAtOnceJustOneLeads(boolean leftover) throws Exception {
		List<Long> pids = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			pids.add(process().pid());
		}
		ExecutorService threads = Executors.newFixedThreadPool(pids.size());
		try {
			for (int round = 0; round < 25; round++) {
				Files.deleteIfExists(this.path);
				if (leftover) {
					Files.writeString(this.path, SELF + "\n");
					Files.setLastModifiedTime(this.path, FileTime.from(Instant.EPOCH));
				}
				CyclicBarrier start = new CyclicBarrier(pids.size());
				List<Callable<Long>> masters = pids.stream().<Callable<Long>>map((pid) -> () -> {
					start.await();
					PidFile.write(this.path, pid);
					return pid;
				}).toList();
				List<Long> leaders = leaders(threads.invokeAll(masters));
				assertThat(leaders).hasSize(1);
				assertThat(this.path).hasContent(leaders.get(0) + "\n");
				assertAlone();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private static List<Long> leaders(List<Future<Long>> masters) throws InterruptedException {
		List<Long> leaders = new ArrayList<>();
		for (Future<Long> master : masters) {
			try {
				leaders.add(master.get());
			}
			catch (ExecutionException ex) {
				assertThat(ex.getCause()).isInstanceOfSatisfying(PidFileException.class,
						(refusal) -> assertThat(refusal.getOwner()).as(refusal.getMessage()).isNotNull());
			}
		}
		return leaders;
	}

	@Test
	void fileThatSomebodyElseHasPutThereStays() throws Exception {
		PidFile file = PidFile.write(this.path);
		Files.writeString(this.path, "1\n");
		file.close();
		assertThat(this.path).hasContent("1\n");
	}

	private Process process() throws IOException {
		Process process = new ProcessBuilder("sleep", "60").start();
		this.processes.add(process);
		return process;
	}

	private void assertAlone() throws IOException {
		try (Stream<Path> files = Files.list(this.directory)) {
			assertThat(files).containsExactly(this.path);
		}
	}

}
