package io.github.bootcluster.worker;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.wire.NoMasterException;
import io.github.bootcluster.wire.RawControlSocket;
import io.github.bootcluster.wire.TestFrames;
import io.github.bootcluster.wire.WorkerIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises on a worker that no master wants.
 */
@Timeout(60)
class RefusedWorkerTests {

	@TempDir
	private Path directory;

	@Test
	void sentenceOfTheMasterIsPassedOn() throws IOException {
		assertProblem("its starter 2.0 speaks protocol 2: start the master anew",
				"{\"type\":\"refused\",\"reason\":\"its starter 2.0 speaks protocol 2: start the master anew\"}");
	}

	@Test
	void masterThatHangsUpIsNamed() throws IOException {
		assertProblem("the master closed the connection");
	}

	@Test
	void nonsenseInPlaceOfAnAnswerEndsTheWait() throws IOException {
		assertProblem("the master closed the connection", "{\"type\":\"bogus\"}");
	}

	@Test
	void answerThatIsNoneEndsTheWait() throws IOException {
		assertProblem("the master closed the connection", TestFrames.READY_TEXT);
	}

	@Test
	void socketThatDoesNotExistIsNamed() {
		Path nowhere = this.directory.resolve("nowhere").resolve("control.sock");
		assertThat(problem(nowhere)).isEqualTo("no master listens: Cannot connect to '%s': No such file", nowhere);
	}

	@Test
	void fileThatIsNoSocketIsNamed() throws IOException {
		Path file = Files.createFile(this.directory.resolve("file"));
		assertThat(problem(file)).startsWith("no master listens: Cannot connect to '%s': ".formatted(file))
			.contains("Connection refused");
	}

	@Test
	void socketThatNobodyListensToAnyMoreIsNamed() throws IOException {
		Path path = this.directory.resolve("control.sock");
		ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(path)).close();
		assertThat(problem(path)).contains("Connection refused");
	}

	@Test
	void pathThatIsTooLongIsNamed() {
		assertThat(problem(this.directory.resolve("x".repeat(120)))).contains("Cannot connect to ");
	}

	/**
	 * Plays a master that says something, and then nothing more.
	 * @param problem what the worker ought to say
	 * @param answers what the master says
	 */
	private void assertProblem(String problem, String... answers) throws IOException {
		Path path = this.directory.resolve("control.sock");
		try (ServerSocketChannel master = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			master.bind(UnixDomainSocketAddress.of(path));
			CompletableFuture<String> worker = CompletableFuture.supplyAsync(() -> problem(path));
			try (RawControlSocket socket = RawControlSocket.accept(master)) {
				assertThat(socket.receive()).contains("\"worker\":7").contains("\"version\":\"1.0\"");
				socket.send(answers);
			}
			assertThat(worker.join()).isEqualTo(problem);
		}
	}

	private static String problem(Path control) {
		NoMasterException[] caught = new NoMasterException[1];
		assertThatExceptionOfType(NoMasterException.class).isThrownBy(
				() -> MasterConnection.open(new WorkerIdentity(7, ClusterWorker.DEFAULT_GROUP, 1, 1, control), "1.0"))
			.satisfies((ex) -> {
				assertThat(ex.getWorker()).isEqualTo("7");
				caught[0] = ex;
			});
		return caught[0].getProblem();
	}

}
