package io.github.bootcluster.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.LongStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on who is reaped, and who never is.
 */
@Timeout(60)
class OrphanReaperTests {

	private static final long PARENT = 100;

	@TempDir
	private Path proc;

	private final List<Long> reaped = new ArrayList<>();

	private final List<String> problems = new ArrayList<>();

	@Test
	void processThatNobodyHasWaitedForIsReapedAfterSeveralLooks() throws Exception {
		Process shell = new ProcessBuilder("/bin/sh", "-c", "sleep 0 & echo $!; exec sleep 600").start();
		try {
			long zombie = Long.parseLong(shell.inputReader().readLine());
			OrphanReaper reaper = new OrphanReaper(Path.of("/proc"), shell.pid(), this.reaped::add, this.problems::add);
			while (!Files.readString(Path.of("/proc/" + zombie + "/stat")).contains(") Z ")) {
				Thread.onSpinWait();
			}
			look(reaper, OrphanReaper.LOOKS - 1);
			assertThat(this.reaped).isEmpty();
			reaper.look();
			assertThat(this.reaped).containsExactly(zombie);
		}
		finally {
			shell.destroyForcibly().waitFor();
		}
	}

	@Test
	void childThatTheJvmIsAboutToWaitForIsLeftToIt() throws Exception {
		OrphanReaper reaper = reaper();
		write(7, 'Z', PARENT, 1);
		look(reaper, OrphanReaper.LOOKS - 1);
		// Another process has the number by now
		write(7, 'Z', PARENT, 2);
		look(reaper, OrphanReaper.LOOKS - 1);
		Files.delete(this.proc.resolve("7/stat"));
		reaper.look();
		write(7, 'Z', PARENT, 2);
		look(reaper, OrphanReaper.LOOKS - 1);
		assertThat(this.reaped).isEmpty();
	}

	@Test
	void workerIsLeftToTheJvmUntilItsEndIsKnown() throws Exception {
		OrphanReaper reaper = reaper();
		CompletableFuture<Process> exit = new CompletableFuture<>();
		reaper.started(new StubProcess(7, exit));
		write(7, 'Z', PARENT, 1);
		write(8, 'Z', PARENT, 1);
		look(reaper, 2 * OrphanReaper.LOOKS);
		assertThat(this.reaped).isNotEmpty().containsOnly(8L);
		exit.complete(null);
		reaper.look();
		assertThat(this.reaped).contains(7L);
	}

	@Test
	void processesThatRunAndChildrenOfOthersAreLeftAlone() throws Exception {
		write(7, 'S', PARENT, 1);
		write(8, 'Z', 1, 1);
		Files.writeString(this.proc.resolve("stat"), "cpu");
		look(reaper(), OrphanReaper.LOOKS);
		assertThat(this.reaped).isEmpty();
	}

	@Test
	void masterThatCannotReapWarnsOnceOfMany() throws Exception {
		OrphanReaper reaper = new OrphanReaper(this.proc, PARENT, OrphanReaperTests::refuse, this.problems::add);
		for (long pid : LongStream.range(1, OrphanReaper.MANY).toArray()) {
			write(pid, 'Z', PARENT, 1);
		}
		look(reaper, OrphanReaper.LOOKS);
		assertThat(this.problems).isEmpty();
		write(OrphanReaper.MANY, 'Z', PARENT, 1);
		look(reaper, 2 * OrphanReaper.LOOKS);
		assertThat(this.problems).singleElement()
			.asString()
			.endsWith("has to reap them and this one cannot: do it better, or start the container with an init ("
					+ "'docker run --init', tini, or shareProcessNamespace in Kubernetes)");
	}

	private static void refuse(long pid) {
		throw new UnsupportedOperationException("this one cannot: do it better");
	}

	private OrphanReaper reaper() {
		return new OrphanReaper(this.proc, PARENT, this.reaped::add, this.problems::add);
	}

	private static void look(OrphanReaper reaper, int times) {
		for (int i = 0; i < times; i++) {
			reaper.look();
		}
	}

	private void write(long pid, char state, long parent, long start) throws IOException {
		Path folder = Files.createDirectories(this.proc.resolve(Long.toString(pid)));
		Files.writeString(folder.resolve("stat"),
				"%d (a) Z (b) %s %d 1 1%s %d 0 0".formatted(pid, state, parent, " 0".repeat(15), start));
	}

	/**
	 * A child that the test ends.
	 */
	private static final class StubProcess extends Process {

		private final long pid;

		private final CompletableFuture<Process> exit;

		StubProcess(long pid, CompletableFuture<Process> exit) {
			this.pid = pid;
			this.exit = exit;
		}

		@Override
		public long pid() {
			return this.pid;
		}

		@Override
		public CompletableFuture<Process> onExit() {
			return this.exit;
		}

		@Override
		public OutputStream getOutputStream() {
			return OutputStream.nullOutputStream();
		}

		@Override
		public InputStream getInputStream() {
			return InputStream.nullInputStream();
		}

		@Override
		public InputStream getErrorStream() {
			return InputStream.nullInputStream();
		}

		@Override
		public int waitFor() {
			return 0;
		}

		@Override
		public int exitValue() {
			return 0;
		}

		@Override
		public void destroy() {
		}

	}

}
