package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.Socket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * Tests with real sockets in a real folder.
 */
@Timeout(60)
class UnixSocketFileTests {

	static {
		// Loads the system's part of Netty
		Epoll.ensureAvailability();
	}

	@TempDir
	Path folder;

	private final Socket socket = Socket.newSocketDomain();

	private Path path;

	@BeforeEach
	void choosePath() {
		this.path = this.folder.resolve("app.sock");
	}

	@AfterEach
	void close() throws IOException {
		this.socket.close();
	}

	@Test
	void socketIsReachedByItsFileUntilThatIsDeleted() throws Exception {
		UnixSocketFile file = UnixSocketFile.listen(this.socket, this.path, 8);
		SocketChannel.open(UnixDomainSocketAddress.of(this.path)).close();
		file.delete();
		assertThat(this.path).doesNotExist();
		assertThatIOException().isThrownBy(() -> SocketChannel.open(UnixDomainSocketAddress.of(this.path)));
	}

	@Test
	void socketThatAKilledMasterLeftIsReplaced() throws Exception {
		abandonedSocket();
		UnixSocketFile.listen(this.socket, this.path, 8);
		SocketChannel.open(UnixDomainSocketAddress.of(this.path)).close();
		assertOnly(this.path);
	}

	@Test
	void socketThatSomebodyListensOnIsInUse() throws Exception {
		try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			other.bind(UnixDomainSocketAddress.of(this.path));
			assertRefused("Address already in use");
			SocketChannel.open(UnixDomainSocketAddress.of(this.path)).close();
			assertThat(other.accept()).isNotNull();
		}
	}

	@Test
	void fileThatIsNoSocketIsLeftAlone() throws Exception {
		Files.writeString(this.path, "precious");
		assertRefused("There is a file, which is no socket");
		assertThat(this.path).hasContent("precious");
	}

	@Test
	void folderIsLeftAlone() throws Exception {
		Files.createDirectory(this.path);
		assertRefused("There is a folder, which is no socket");
		assertThat(this.path).isDirectory();
	}

	@Test
	void symbolicLinkIsLeftAloneWhateverItLeadsTo() throws Exception {
		Path target = this.folder.resolve("other.sock");
		try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			other.bind(UnixDomainSocketAddress.of(target));
		}
		Files.createSymbolicLink(this.path, target);
		assertRefused("There is a symbolic link, which is no socket");
		assertThat(target).exists();
		Files.delete(target);
		assertRefused("There is a symbolic link, which is no socket");
		assertThat(Files.isSymbolicLink(this.path)).isTrue();
	}

	@Test
	void socketOfAnotherAccountIsLeftAlone() throws Exception {
		assumeTrue("root".equals(System.getProperty("user.name")), "Only root can give a file away");
		abandonedSocket();
		Files.setAttribute(this.path, "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
		assertRefused("There is a socket of another account (uid 65534)");
		assertThat(this.path).exists();
	}

	@Test
	void folderThatDoesNotExistIsNamed() {
		this.path = this.folder.resolve("missing/app.sock");
		assertRefused("Folder '%s' does not exist".formatted(this.folder.resolve("missing")));
	}

	@Test
	void socketThatSomebodyElseHasPutInThePlaceIsNotDeleted() throws Exception {
		UnixSocketFile file = UnixSocketFile.listen(this.socket, this.path, 8);
		Files.delete(this.path);
		Socket other = Socket.newSocketDomain();
		try {
			UnixSocketFile.listen(other, this.path, 8);
			file.delete();
			assertThat(this.path).exists();
		}
		finally {
			other.close();
		}
	}

	@Test
	void mastersThatStartAtOnceAreToldThatItIsInUseAndLeaveNothingBehind() throws Exception {
		ExecutorService threads = Executors.newFixedThreadPool(3);
		try {
			for (int round = 0; round < 50; round++) {
				Files.deleteIfExists(this.path);
				abandonedSocket();
				List<Socket> sockets = Stream.generate(Socket::newSocketDomain).limit(3).toList();
				List<Callable<String>> masters = sockets.stream()
					.map((fresh) -> (Callable<String>) () -> listen(fresh))
					.toList();
				for (Future<String> outcome : threads.invokeAll(masters)) {
					assertThat(outcome.get()).containsAnyOf("listens", "Address already in use");
				}
				SocketChannel.open(UnixDomainSocketAddress.of(this.path)).close();
				assertOnly(this.path);
				for (Socket used : sockets) {
					used.close();
				}
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	@Test
	void whateverAppearsInTheLastMomentIsNotDeleted() throws Exception {
		ExecutorService threads = Executors.newSingleThreadExecutor();
		try {
			for (int round = 0; round < 300; round++) {
				Files.deleteIfExists(this.path);
				Future<Boolean> written = threads.submit(this::writeFile);
				Socket fresh = Socket.newSocketDomain();
				String outcome = listen(fresh);
				if (written.get()) {
					assertThat(outcome).isNotEqualTo("listens");
					assertThat(this.path).hasContent("precious");
				}
				else {
					assertThat(outcome).isEqualTo("listens");
				}
				assertOnly(this.path);
				fresh.close();
			}
		}
		finally {
			threads.shutdownNow();
		}
	}

	private boolean writeFile() throws IOException {
		Path written = Files.writeString(this.folder.resolveSibling(this.folder.getFileName() + ".new"), "precious");
		try {
			Files.createLink(this.path, written);
			return true;
		}
		catch (FileAlreadyExistsException ex) {
			return false;
		}
		finally {
			Files.delete(written);
		}
	}

	@Test
	void pathMayBeAsLongAsAnyOfAUnixSocket() throws Exception {
		int room = 107 - this.folder.resolve("x").toString().length() - "/app.sock".length() + 1;
		Path deep = Files.createDirectory(this.folder.resolve("d".repeat(room)));
		UnixSocketFile.listen(this.socket, deep.resolve("app.sock"), 8).delete();
		assertThat(deep).isEmptyDirectory();
	}

	private String listen(Socket fresh) {
		try {
			UnixSocketFile.listen(fresh, this.path, 8);
			return "listens";
		}
		catch (IOException ex) {
			return String.valueOf(ex.getMessage());
		}
	}

	private void abandonedSocket() throws IOException {
		try (ServerSocketChannel other = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			other.bind(UnixDomainSocketAddress.of(this.path));
		}
		assertThat(this.path).exists();
	}

	private void assertRefused(String reason) {
		assertThatIOException().isThrownBy(() -> UnixSocketFile.listen(this.socket, this.path, 8))
			.withMessageContaining(reason);
	}

	private void assertOnly(Path file) throws IOException {
		try (Stream<Path> files = Files.list(this.folder)) {
			assertThat(files).containsExactly(file);
		}
	}

}
