package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.distribution.DistributionStrategy;
import io.github.bootcluster.master.listen.HeldConnections.Held;
import io.github.bootcluster.wire.Descriptors;
import io.github.bootcluster.wire.Envelopes;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.ListenFailure;
import io.github.bootcluster.wire.SocketDirectory;
import io.github.bootcluster.wire.TestHandoffWorker;
import io.github.bootcluster.wire.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on who gets a connection, with real connections that workers keep for as long
 * as a test wants.
 */
@Timeout(60)
class DistributionTests {

	private static final String LOOPBACK = "127.0.0.1";

	private static final Duration LIMIT = Duration.ofSeconds(20);

	@TempDir
	Path base;

	private final EventLoopGroup loops = Transport.EPOLL.newEventLoop("test-distribution");

	private final IoEventLoop loop = (IoEventLoop) this.loops.next();

	private int maxConnections;

	private final HeldConnections held = new HeldConnections(this.loop);

	private final List<Socket> clients = new ArrayList<>();

	private SocketDirectory directory;

	private @Nullable HandoffListeners listeners;

	private int lastRequest;

	private boolean proxyHeaders;

	@BeforeEach
	void createDirectory() {
		this.directory = SocketDirectory.create(this.base);
	}

	@AfterEach
	void close() throws Exception {
		for (Socket client : this.clients) {
			client.close();
		}
		listeners().close(LIMIT).toCompletableFuture().join();
		this.held.close();
		this.loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).await();
		this.directory.close();
	}

	@Test
	void neverABusierWorkerWhileALessBusyOneIsThere() throws Exception {
		Frame.Listening listening = open(DistributionStrategy.LEAST_CONNECTIONS, 0);
		List<Integer> ids = List.of(1, 2, 3);
		for (int id : ids) {
			worker(id, listening);
		}
		Random random = new Random(11);
		Map<Integer, Integer> counts = new HashMap<>(Map.of(1, 0, 2, 0, 3, 0));
		List<Held> open = new ArrayList<>();
		for (int i = 0; i < 300; i++) {
			if (!open.isEmpty() && random.nextInt(5) < 2) {
				Held ending = open.remove(random.nextInt(open.size()));
				ending.end();
				counts.merge(ending.workerId(), -1, Integer::sum);
				awaitLoop();
			}
			connect(listening, null);
			Held next = this.held.await();
			assertThat(counts.get(next.workerId())).as("load of worker %d among %s", next.workerId(), counts)
				.isEqualTo(counts.values().stream().mapToInt(Integer::intValue).min().orElseThrow());
			counts.merge(next.workerId(), 1, Integer::sum);
			open.add(next);
		}
		open.forEach(Held::end);
	}

	@ParameterizedTest
	@EnumSource(names = { "ROUND_ROBIN", "LEAST_CONNECTIONS", "RANDOM" })
	void connectionCostsTheMasterNothingButTheObjectThatClosesItsDescriptor(DistributionStrategy strategy)
			throws Exception {
		EventLoopGroup workers = Transport.EPOLL.newEventLoop("test-workers");
		HeldConnections elsewhere = new HeldConnections((IoEventLoop) workers.next());
		try {
			Frame.Listening listening = open(strategy, 1000);
			for (int id = 1; id <= 2; id++) {
				listeners().register(id, ClusterWorker.DEFAULT_GROUP, id, ProcessHandle.current().pid(),
						this.maxConnections);
				elsewhere.connect(id, this.directory, listening.listener());
				listeners().admit(id);
				awaitLoop();
			}
			comeAndGo(elsewhere, listening, 100);
			long before = allocatedByTheMaster();
			comeAndGo(elsewhere, listening, 500);
			assertThat((allocatedByTheMaster() - before) / 500).as("bytes allocated for each connection")
				// With a share of what the loop does twice a second; an address alone
				// costs more
				.isLessThan(120);
		}
		finally {
			elsewhere.close();
			workers.shutdownGracefully(0, 20, TimeUnit.SECONDS).await();
		}
	}

	private void comeAndGo(HeldConnections workers, Frame.Listening listening, int count) throws Exception {
		for (int i = 0; i < count; i++) {
			try (Socket client = new Socket(listening.host(), listening.port())) {
				workers.await().end();
			}
		}
	}

	private long allocatedByTheMaster() {
		long thread = this.loop.submit(() -> Thread.currentThread().getId()).syncUninterruptibly().getNow();
		return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getThreadAllocatedBytes(thread);
	}

	@Test
	void connectionsInTurnDifferByOneAtMost() throws Exception {
		Frame.Listening listening = open(DistributionStrategy.ROUND_ROBIN, 0);
		for (int id = 1; id <= 3; id++) {
			worker(id, listening);
		}
		Map<Integer, Integer> counts = new HashMap<>();
		for (int i = 0; i < 100; i++) {
			connect(listening, null);
			counts.merge(this.held.await().workerId(), 1, Integer::sum);
		}
		assertThat(counts.values()).containsExactlyInAnyOrder(33, 33, 34);
	}

	@Test
	void addressStaysWithItsWorkerAndOnlyThoseOfOneThatGoesMove() throws Exception {
		Frame.Listening listening = open(DistributionStrategy.IP_HASH, 0);
		for (int id = 1; id <= 3; id++) {
			worker(id, listening);
		}
		Map<SocketAddress, Integer> before = ask(listening);
		assertThat(ask(listening)).isEqualTo(before);
		assertThat(before.values()).contains(1, 2, 3);
		listeners().withhold(2);
		awaitLoop();
		Map<SocketAddress, Integer> without = ask(listening);
		before.forEach((address, worker) -> {
			if (worker != 2) {
				assertThat(without.get(address)).isEqualTo(worker);
			}
		});
		assertThat(without.values()).doesNotContain(2);
		// Its replacement, in the same slot
		listeners().register(4, ClusterWorker.DEFAULT_GROUP, 2, ProcessHandle.current().pid(), this.maxConnections);
		this.held.connect(4, this.directory, listening.listener());
		listeners().admit(4);
		awaitLoop();
		before.replaceAll((address, worker) -> (worker == 2) ? 4 : worker);
		assertThat(ask(listening)).isEqualTo(before);
	}

	private Map<SocketAddress, Integer> ask(Frame.Listening listening) throws Exception {
		Map<SocketAddress, Integer> workers = new HashMap<>();
		for (int i = 1; i <= 40; i++) {
			connect(listening, "127.0.0." + i);
			Held next = this.held.await();
			workers.put(new InetSocketAddress(((InetSocketAddress) next.client()).getAddress(), 0), next.workerId());
		}
		assertThat(workers).hasSize(40);
		return workers;
	}

	@Test
	void saturatedWorkerIsPassedOverAndWithoutAnyOtherConnectionsWait() throws Exception {
		Frame.Listening listening = open(DistributionStrategy.ROUND_ROBIN, 2);
		worker(1, listening);
		worker(2, listening);
		List<Held> open = new ArrayList<>();
		for (int i = 0; i < 7; i++) {
			connect(listening, null);
		}
		for (int i = 0; i < 4; i++) {
			open.add(this.held.await());
		}
		awaitLoop();
		assertThat(this.held.isEmpty()).as("more than the workers may have").isTrue();
		assertThat(open).extracting(Held::workerId).containsExactlyInAnyOrder(1, 1, 2, 2);
		for (int worker : new int[] { 2, 1, 1 }) {
			Held ending = open.stream().filter((one) -> one.workerId() == worker).findFirst().orElseThrow();
			open.remove(ending);
			ending.end();
			Held next = this.held.await();
			assertThat(next.workerId()).as("the worker that has room").isEqualTo(worker);
			open.add(next);
			awaitLoop();
			assertThat(this.held.isEmpty()).isTrue();
		}
		Held idle = open.remove(0);
		idle.end();
		awaitLoop();
		connect(listening, null);
		assertThat(this.held.await().workerId()).isEqualTo(idle.workerId());
	}

	@Test
	void workerThatIsReplacedWhileAllAreSaturatedServesThoseThatWait() throws Exception {
		Frame.Listening listening = open(DistributionStrategy.LEAST_CONNECTIONS, 1);
		worker(1, listening);
		for (int i = 0; i < 3; i++) {
			connect(listening, null);
		}
		assertThat(this.held.await().workerId()).isEqualTo(1);
		awaitLoop();
		assertThat(this.held.isEmpty()).isTrue();
		worker(2, listening);
		assertThat(this.held.await().workerId()).isEqualTo(2);
		worker(3, listening);
		assertThat(this.held.await().workerId()).isEqualTo(3);
	}

	@Test
	void limitIsForAllListenersOfAWorkerTogether() throws Exception {
		Frame.Listening first = open(DistributionStrategy.ROUND_ROBIN, 2);
		Frame.Listening second = listen(1);
		listeners().register(1, ClusterWorker.DEFAULT_GROUP, 1, ProcessHandle.current().pid(), this.maxConnections);
		this.held.connect(1, this.directory, first.listener());
		this.held.connect(1, this.directory, second.listener());
		listeners().admit(1);
		awaitLoop();
		connect(first, null);
		connect(second, null);
		List<Held> open = List.of(this.held.await(), this.held.await());
		connect(second, null);
		awaitLoop();
		assertThat(this.held.isEmpty()).isTrue();
		Held ofTheFirst = open.stream()
			.filter((one) -> ((InetSocketAddress) new io.netty.channel.unix.Socket(one.descriptor()).localAddress())
				.getPort() == first.port())
			.findFirst()
			.orElseThrow();
		ofTheFirst.end();
		assertThat(this.held.await().workerId()).isEqualTo(1);
	}

	@Test
	void distributorThatCannotBeCreatedIsTheReasonNotToListen() throws Exception {
		this.listeners = HandoffListeners.open(this.directory, this.loop,
				new DistributionSettings(ListenerKind.HANDOFF, () -> {
					throw new IllegalStateException("No luck");
				}, false));
		CompletableFuture<Frame> answer = new CompletableFuture<>();
		listeners().listen(1, ClusterWorker.DEFAULT_GROUP, new Frame.Listen(1, LOOPBACK, 0, 0, 1024), answer::complete);
		assertThat(answer.get(20, TimeUnit.SECONDS))
			.isEqualTo(new Frame.ListenFailed(1, ListenFailure.OTHER, "The distributor cannot be created: No luck"));
	}

	@Test
	void eachWorkerHasTheLimitOfTheTimeWhenItCame() throws Exception {
		Frame.Listening listening = open(DistributionStrategy.ROUND_ROBIN, 1);
		worker(1, listening);
		this.maxConnections = 3;
		worker(2, listening);
		List<Integer> workers = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			connect(listening, null);
			workers.add(this.held.await().workerId());
		}
		assertThat(workers).containsExactlyInAnyOrder(1, 2, 2, 2);
		connect(listening, null);
		awaitLoop();
		assertThat(this.held.isEmpty()).isTrue();
	}

	@Test
	void waitingConnectionsAreHandedOutAtTheEndBeyondTheLimit() throws Exception {
		Frame.Listening listening = open(DistributionStrategy.ROUND_ROBIN, 1);
		worker(1, listening);
		for (int i = 0; i < 400; i++) {
			connect(listening, null);
		}
		this.held.await();
		awaitLoop();
		assertThat(this.held.isEmpty()).isTrue();
		listeners().close(LIMIT).toCompletableFuture().join();
		for (int i = 0; i < 399; i++) {
			assertThat(this.held.await().workerId()).isEqualTo(1);
		}
	}

	@Test
	void clientIsTheOneOfTheProxyHeaderAndTheHeaderGoesAlong() throws Exception {
		this.proxyHeaders = true;
		Frame.Listening listening = open(DistributionStrategy.IP_HASH, 0);
		assertThat(listening.enveloped()).isTrue();
		for (int id = 1; id <= 3; id++) {
			worker(id, listening);
		}
		Map<String, Integer> first = askProxied(listening);
		assertThat(askProxied(listening)).isEqualTo(first);
		assertThat(first.values()).contains(1, 2, 3);
		// The same clients without a balancer have the same workers
		Map<String, Integer> direct = new HashMap<>();
		for (int i = 1; i <= 40; i++) {
			send(connect(listening, "127.0.0." + i), "PROXY UNKNOWN\r\n");
			direct.put("127.0.0." + i, open(this.held.await(), "PROXY UNKNOWN\r\n"));
		}
		assertThat(direct).isEqualTo(first);
	}

	private Map<String, Integer> askProxied(Frame.Listening listening) throws Exception {
		Map<String, Integer> workers = new HashMap<>();
		for (int i = 1; i <= 40; i++) {
			String header = "PROXY TCP4 127.0.0.%d 10.0.0.1 %d 80\r\n".formatted(i, 1000 + i);
			send(connect(listening, null), header + "GET");
			workers.put("127.0.0." + i, open(this.held.await(), header + "GET"));
		}
		return workers;
	}

	@Test
	void clientThatOwesItsHeaderHoldsUpNobody() throws Exception {
		this.proxyHeaders = true;
		Frame.Listening listening = open(DistributionStrategy.ROUND_ROBIN, 0);
		worker(1, listening);
		Socket silent = connect(listening, null);
		Socket slow = connect(listening, null);
		send(slow, "PRO");
		awaitLoop();
		for (int i = 0; i < 300; i++) {
			connect(listening, null);
		}
		// The oldest goes on as it is, and the one behind it too
		open(this.held.await(), "");
		open(this.held.await(), "PRO");
		send(connect(listening, null), "GET / HTTP/1.1\r\n");
		String beginning = "";
		while (beginning.isEmpty()) {
			beginning = open(this.held.await());
		}
		assertThat(beginning).isEqualTo("GET / HTTP/1.1\r\n");
		assertThat(silent.isConnected()).isTrue();
	}

	@Test
	void headerThatComesInPiecesIsReadWhole() throws Exception {
		this.proxyHeaders = true;
		Frame.Listening listening = open(DistributionStrategy.ROUND_ROBIN, 0);
		worker(1, listening);
		String header = "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n";
		Socket client = connect(listening, null);
		client.setTcpNoDelay(true);
		for (int i = 0; i < header.length(); i++) {
			assertThat(this.held.isEmpty()).isTrue();
			send(client, header.substring(i, i + 1));
			awaitLoop();
		}
		open(this.held.await(), header);
	}

	@Test
	void connectionThatSaysNothingGoesOnAsItIsInTheEnd() throws Exception {
		this.proxyHeaders = true;
		Frame.Listening listening = open(DistributionStrategy.IP_HASH, 0);
		worker(1, listening);
		connect(listening, null);
		open(this.held.await(), "");
	}

	@Test
	void clientThatIsGoneBeforeItsHeaderCameDisturbsNobody() throws Exception {
		this.proxyHeaders = true;
		Frame.Listening listening = open(DistributionStrategy.ROUND_ROBIN, 0);
		worker(1, listening);
		for (int i = 0; i < 10; i++) {
			Socket gone = connect(listening, null);
			gone.setSoLinger(i % 2 == 0, 0);
			gone.close();
		}
		send(connect(listening, null), "PROXY UNKNOWN\r\n");
		open(this.held.await(), "PROXY UNKNOWN\r\n");
		assertThat(this.held.isEmpty()).isTrue();
	}

	@Test
	void connectionWithoutItsHeaderIsHandedOutAtTheEndAsItIs() throws Exception {
		this.proxyHeaders = true;
		Frame.Listening listening = open(DistributionStrategy.IP_HASH, 0);
		worker(1, listening);
		for (int i = 0; i < 5; i++) {
			connect(listening, null);
		}
		awaitLoop();
		listeners().close(LIMIT).toCompletableFuture().join();
		for (int i = 0; i < 5; i++) {
			open(this.held.await(), "");
		}
	}

	@Test
	void whatAWorkerHasNotTakenGoesToAnotherWithItsBeginning() throws Exception {
		this.proxyHeaders = true;
		Frame.Listening listening = open(DistributionStrategy.IP_HASH, 0);
		worker(1, listening).stop();
		for (int i = 0; i < 20; i++) {
			send(connect(listening, null), "PROXY TCP4 10.0.0.%d 10.0.0.1 1 2\r\n".formatted(i));
		}
		awaitLoop();
		worker(2, listening);
		this.held.closeFirst();
		for (int i = 0; i < 20; i++) {
			Held next = this.held.await();
			assertThat(next.workerId()).isEqualTo(2);
			assertThat(open(next)).startsWith("PROXY TCP4 10.0.0.");
		}
	}

	/**
	 * Opens an envelope and the connection in it.
	 * @return what had been read from it
	 */
	private String open(Held envelope) throws IOException {
		ByteBuffer buffer = ByteBuffer.allocateDirect(4096);
		Descriptors.close(Envelopes.unseal(envelope.descriptor(), buffer));
		return StandardCharsets.US_ASCII.decode(buffer.rewind()).toString();
	}

	private int open(Held envelope, String expected) throws IOException {
		assertThat(open(envelope)).isEqualTo(expected);
		return envelope.workerId();
	}

	private static void send(Socket client, String text) throws IOException {
		client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
	}

	private Frame.Listening open(DistributionStrategy strategy, int maxConnections) throws Exception {
		this.maxConnections = maxConnections;
		this.listeners = HandoffListeners.open(this.directory, this.loop,
				new DistributionSettings(ListenerKind.HANDOFF, strategy::newDistributor, this.proxyHeaders));
		return listen(0);
	}

	private Frame.Listening listen(int ordinal) throws Exception {
		CompletableFuture<Frame> answer = new CompletableFuture<>();
		listeners().listen(1, ClusterWorker.DEFAULT_GROUP,
				new Frame.Listen(++this.lastRequest, LOOPBACK, 0, ordinal, 1024), answer::complete);
		return (Frame.Listening) answer.get(20, TimeUnit.SECONDS);
	}

	private HandoffListeners listeners() {
		return Objects.requireNonNull(this.listeners);
	}

	/**
	 * Adds a worker. All are in this process: who registers last is who greets next.
	 */
	private HeldConnections.Worker worker(int id, Frame.Listening listening) throws Exception {
		listeners().register(id, ClusterWorker.DEFAULT_GROUP, id, ProcessHandle.current().pid(), this.maxConnections);
		HeldConnections.Worker worker = this.held.connect(id, this.directory, listening.listener());
		listeners().admit(id);
		awaitLoop();
		return worker;
	}

	private Socket connect(Frame.Listening listening, @Nullable String from) throws IOException {
		Socket client = new Socket();
		this.clients.add(client);
		if (from != null) {
			client.bind(new InetSocketAddress(from, 0));
		}
		client.connect(new InetSocketAddress(listening.host(), listening.port()));
		return client;
	}

	/**
	 * Waits until the event loop has seen what there was for it to see.
	 */
	private void awaitLoop() throws Exception {
		for (int i = 0; i < 3; i++) {
			try (SocketChannel probe = TestHandoffWorker.greet(this.directory, 0)) {
				assertThat(probe.read(ByteBuffer.allocate(1))).isNegative();
			}
		}
	}

}
