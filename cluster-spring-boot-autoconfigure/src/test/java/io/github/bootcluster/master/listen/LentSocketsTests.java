package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.distribution.DistributionStrategy;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.ListenFailure;
import io.github.bootcluster.wire.SocketDirectory;
import io.github.bootcluster.wire.TestHandoffWorker;
import io.github.bootcluster.wire.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Promises on listening sockets that the master lends to workers, with real ones. What a
 * worker has accepted itself is answered with its name and a star, what it was handed
 * over with its name alone. All workers are in this process, so that the kernel vouches
 * for them as one: who registers last is who greets next.
 */
@Timeout(60)
@SuppressWarnings("NullAway.Init") // each test opens what it needs
class LentSocketsTests {

	private static final String LOOPBACK = "127.0.0.1";

	/**
	 * Said in a greeting by a worker that wants to accept.
	 */
	private static final int BORROW = 1 << 30;

	private static final int SEVERAL = 40;

	private static final long OWN_PID = ProcessHandle.current().pid();

	private static final Duration LIMIT = Duration.ofSeconds(20);

	@TempDir
	Path base;

	private final EventLoopGroup loops = Transport.EPOLL.newEventLoop("test-listeners");

	private final IoEventLoop loop = (IoEventLoop) this.loops.next();

	private final List<TestHandoffWorker> workers = new ArrayList<>();

	private final List<Socket> clients = new ArrayList<>();

	private final List<AutoCloseable> opened = new ArrayList<>();

	private SocketDirectory directory;

	private HandoffListeners listeners;

	private Frame.Listening listening;

	private void open(ListenerKind kind) throws Exception {
		this.directory = SocketDirectory.create(this.base);
		this.listeners = open(this.directory, kind);
		this.listening = (Frame.Listening) ask(this.listeners, 0);
	}

	private HandoffListeners open(SocketDirectory directory, ListenerKind kind) throws IOException {
		HandoffListeners created = HandoffListeners.open(directory, this.loop,
				new DistributionSettings(kind, DistributionStrategy.SHARED::newDistributor, false));
		this.opened.add(() -> created.close(LIMIT).toCompletableFuture().join());
		this.opened.add(directory);
		return created;
	}

	@AfterEach
	void close() throws Exception {
		for (Socket client : this.clients) {
			client.close();
		}
		this.workers.forEach(TestHandoffWorker::close);
		for (AutoCloseable resource : this.opened) {
			resource.close();
		}
		this.loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).await();
	}

	@ParameterizedTest
	@EnumSource(names = { "SHARED", "REUSE_PORT" })
	void workerAcceptsItselfOnceItMayGetConnections(ListenerKind kind) throws Exception {
		open(kind);
		Socket early = connect();
		worker(1, 1);
		assertThat(queued()).as("left in the queue").isOne();
		admit(1);
		assertThat(answer(early)).isIn("1", "1*");
		assertThat(List.of(ask(), ask(), ask())).containsExactly("1*", "1*", "1*");
	}

	@Test
	void allWorkersAcceptOnTheSharedSocket() throws Exception {
		open(ListenerKind.SHARED);
		worker(1, 1).pause();
		worker(2, 2);
		admit(1);
		admit(2);
		assertThat(askSeveral()).containsOnly("2*");
		assertThat(listeningSockets()).isOne();
	}

	@Test
	void eachSlotHasItsOwnSocketFromTheMomentThatItsWorkerMayGetConnections() throws Exception {
		open(ListenerKind.REUSE_PORT);
		worker(1, 1);
		worker(2, 2);
		admit(1);
		assertThat(listeningSockets()).isOne();
		assertThat(askSeveral()).containsOnly("1*");
		admit(2);
		assertThat(listeningSockets()).isEqualTo(2);
		assertThat(askSeveral()).contains("1*", "2*").doesNotContain("1", "2");
	}

	@Test
	void queueOfASlotPassesFromItsOldWorkerToItsNewOne() throws Exception {
		open(ListenerKind.REUSE_PORT);
		SocketChannel old = hungBorrower(1, 1);
		List<Socket> queued = connectSeveral();
		assertThat(queued()).isEqualTo(SEVERAL);
		worker(2, 1);
		admit(2);
		assertThat(answers(queued)).containsOnly("2*");
		this.listeners.withhold(1);
		assertEnds(old);
		assertThat(askSeveral()).containsOnly("2*");
		assertThat(listeningSockets()).isOne();
	}

	@Test
	void slotWithoutAWorkerIsServedByTheOthersUntilItHasOneAgain() throws Exception {
		open(ListenerKind.REUSE_PORT);
		SocketChannel killed = hungBorrower(1, 1);
		worker(2, 2);
		admit(2);
		connectSeveral();
		awaitLoop();
		assertThat(queued()).isPositive();
		killed.close();
		this.listeners.unregister(1);
		awaitLoop();
		assertThat(answers(this.clients)).as("the queue as well")
			.contains("2")
			.allMatch((name) -> name.startsWith("2"));
		assertThat(askSeveral()).contains("2").allMatch((name) -> name.startsWith("2"));
		worker(3, 1);
		admit(3);
		assertThat(askSeveral()).containsOnly("2*", "3*");
		assertThat(listeningSockets()).as("none was closed").isEqualTo(2);
	}

	@Test
	void slotOfAWorkerThatPausesIsServedByOthers() throws Exception {
		open(ListenerKind.REUSE_PORT);
		TestHandoffWorker pausing = worker(1, 1);
		worker(2, 2);
		admit(1);
		admit(2);
		pausing.pause();
		awaitLoop();
		assertThat(askSeveral()).contains("2").allMatch((name) -> name.startsWith("2"));
	}

	@ParameterizedTest
	@EnumSource(names = { "SHARED", "REUSE_PORT" })
	void workerThatIsWithheldAcceptsNothingUntilItIsAdmittedAgain(ListenerKind kind) throws Exception {
		open(kind);
		TestHandoffWorker suspected = worker(1, 1);
		worker(2, 2);
		admit(1);
		admit(2);
		this.listeners.withhold(1);
		assertThat(suspected.awaitReturn()).isTrue();
		awaitLoop();
		assertThat(askSeveral())
			.containsOnly((kind == ListenerKind.SHARED) ? new String[] { "2*" } : new String[] { "2", "2*" });
		this.listeners.register(1, ClusterWorker.DEFAULT_GROUP, 1, OWN_PID, 0);
		suspected.borrow();
		awaitLoop();
		this.listeners.withhold(2);
		awaitLoop();
		Socket waiting = connect();
		admit(1);
		assertThat(answer(waiting)).isIn("1", "1*");
	}

	@Test
	void slotOfAWorkerThatDoesNotAnswerIsServedByOthers() throws Exception {
		open(ListenerKind.REUSE_PORT);
		hungBorrower(1, 1);
		worker(2, 2);
		admit(2);
		assertThat(askSeveral()).contains("2").allMatch((name) -> name.startsWith("2"));
	}

	@ParameterizedTest
	@EnumSource(names = { "SHARED", "REUSE_PORT" })
	void whatIsQueuedIsHandedOutBeforeTheEndAndNothingIsQueuedAfterIt(ListenerKind kind) throws Exception {
		open(kind);
		hungBorrower(1, 1);
		this.workers.add(new TestHandoffWorker("1", this.directory, this.listening.listener(), this.loop));
		awaitLoop();
		List<Socket> queued = connectSeveral();
		assertThat(queued()).isEqualTo(SEVERAL);
		this.listeners.close(LIMIT).toCompletableFuture().join();
		assertThatIOException().as("nobody's copy listens any more").isThrownBy(this::connect);
		assertThat(answers(queued)).containsOnly("1");
	}

	@Test
	void addressThatTheSlotsOfAnotherClusterListenOnIsInUse() throws Exception {
		open(ListenerKind.REUSE_PORT);
		HandoffListeners other = open(SocketDirectory.create(this.base), ListenerKind.REUSE_PORT);
		assertThat(ask(other, this.listening.port())).isInstanceOfSatisfying(Frame.ListenFailed.class,
				(failed) -> assertThat(failed.failure()).isEqualTo(ListenFailure.ADDRESS_IN_USE));
	}

	@Test
	void nothingIsLentWhereTheMasterAccepts() throws Exception {
		open(ListenerKind.HANDOFF);
		assertThat(worker(1, 1).awaitReturn()).isTrue();
		admit(1);
		assertThat(ask()).isEqualTo("1");
	}

	@Test
	void nothingIsLentToAStrangerOrOfAListenerThatIsNotThere() throws Exception {
		open(ListenerKind.SHARED);
		try (SocketChannel stranger = TestHandoffWorker.greet(this.directory, BORROW | this.listening.listener())) {
			assertThat(stranger.read(ByteBuffer.allocate(1))).isNegative();
		}
		this.listeners.register(1, ClusterWorker.DEFAULT_GROUP, 1, OWN_PID, 0);
		try (SocketChannel worker = TestHandoffWorker.greet(this.directory, BORROW | 99)) {
			assertThat(worker.read(ByteBuffer.allocate(1))).isNegative();
		}
	}

	private TestHandoffWorker worker(int id, int slot) throws Exception {
		this.listeners.register(id, ClusterWorker.DEFAULT_GROUP, slot, OWN_PID, 0);
		TestHandoffWorker worker = new TestHandoffWorker(String.valueOf(id), this.directory, this.listening.listener(),
				this.loop)
			.borrow();
		this.workers.add(worker);
		awaitLoop();
		return worker;
	}

	/**
	 * Lets a worker that may get connections borrow a socket, say that it accepts, and be
	 * heard of no more.
	 */
	private SocketChannel hungBorrower(int id, int slot) throws Exception {
		this.listeners.register(id, ClusterWorker.DEFAULT_GROUP, slot, OWN_PID, 0);
		SocketChannel hung = TestHandoffWorker.greet(this.directory, BORROW | this.listening.listener());
		this.opened.add(0, hung);
		awaitLoop();
		admit(id);
		hung.write(ByteBuffer.wrap(new byte[] { 1 }));
		awaitLoop();
		return hung;
	}

	private static void assertEnds(SocketChannel worker) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocate(16);
		while (worker.read(buffer.clear()) > 0) {
			assertThat(buffer.position()).isPositive();
		}
	}

	private void admit(int worker) throws Exception {
		this.listeners.admit(worker);
		awaitLoop();
	}

	private Frame ask(HandoffListeners listeners, int port) throws Exception {
		CompletableFuture<Frame> answer = new CompletableFuture<>();
		listeners.listen(1, ClusterWorker.DEFAULT_GROUP, new Frame.Listen(1, LOOPBACK, port, 0, 1024),
				answer::complete);
		return answer.get(20, TimeUnit.SECONDS);
	}

	/**
	 * Waits until the event loop has seen several times what there was for it to see.
	 */
	private void awaitLoop() throws Exception {
		for (int i = 0; i < 5; i++) {
			try (SocketChannel probe = TestHandoffWorker.greet(this.directory, 0)) {
				assertThat(probe.read(ByteBuffer.allocate(1))).isNegative();
			}
		}
	}

	private Socket connect() throws IOException {
		Socket client = new Socket();
		this.clients.add(client);
		client.connect(new InetSocketAddress(LOOPBACK, this.listening.port()));
		client.setSoTimeout(20_000);
		return client;
	}

	private List<Socket> connectSeveral() throws IOException {
		List<Socket> connections = new ArrayList<>();
		for (int i = 0; i < SEVERAL; i++) {
			connections.add(connect());
		}
		return connections;
	}

	private String ask() throws IOException {
		return answer(connect());
	}

	private List<String> askSeveral() throws IOException {
		return answers(connectSeveral());
	}

	private static List<String> answers(List<Socket> connections) throws IOException {
		List<String> answers = new ArrayList<>();
		for (Socket connection : connections) {
			answers.add(answer(connection));
		}
		return answers;
	}

	private static String answer(Socket client) throws IOException {
		return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	private int listeningSockets() throws IOException {
		return sockets().size();
	}

	/**
	 * Returns how many connections wait to be accepted, as the kernel tells.
	 */
	private int queued() throws IOException {
		return sockets().stream().mapToInt((line) -> {
			String queues = line.split(" +")[4];
			return Integer.parseInt(queues.substring(queues.indexOf(':') + 1), 16);
		}).sum();
	}

	private List<String> sockets() throws IOException {
		String port = ":%04X 00000000:0000 0A".formatted(this.listening.port());
		List<String> sockets = new ArrayList<>();
		for (String table : List.of("tcp", "tcp6")) {
			for (String line : Files.readAllLines(Path.of("/proc/self/net", table))) {
				String trimmed = line.trim();
				if (trimmed.contains(port) || trimmed.contains(port.replace(" 00000000", " " + "0".repeat(32)))) {
					sockets.add(trimmed);
				}
			}
		}
		return sockets;
	}

}
