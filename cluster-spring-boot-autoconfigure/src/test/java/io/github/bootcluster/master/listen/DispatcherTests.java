package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.distribution.ConnectionDistributor;
import io.github.bootcluster.wire.DescriptorQueue;
import io.github.bootcluster.wire.DescriptorReceiver;
import io.github.bootcluster.wire.DescriptorSender;
import io.github.bootcluster.wire.Descriptors;
import io.github.bootcluster.wire.HandoffServer;
import io.github.bootcluster.wire.SocketDirectory;
import io.github.bootcluster.wire.TestHandoffWorker;
import io.github.bootcluster.wire.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with real senders and descriptors. The workers acknowledge when the test says so.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class DispatcherTests {

	private static final int BOUND = 128;

	@TempDir
	Path base;

	private final EventLoopGroup loops = Transport.EPOLL.newEventLoop("test-dispatcher");

	private final IoEventLoop loop = (IoEventLoop) this.loops.next();

	private final BlockingQueue<DescriptorSender> senders = new LinkedBlockingQueue<>();

	private final List<SocketChannel> workers = new ArrayList<>();

	private final List<DescriptorSender> open = new ArrayList<>();

	private final Set<Integer> admitted = new HashSet<>(Set.of(1, 2, 3));

	/**
	 * Slots that could have been chosen, each time that one was.
	 */
	private final List<List<Integer>> choices = new ArrayList<>();

	/**
	 * How many connections those in the first slots had.
	 */
	private final List<List<Integer>> loads = new ArrayList<>();

	private int limit;

	private final List<WorkerLoad> saturated = new ArrayList<>();

	private final List<WorkerLoad> added = new ArrayList<>();

	private final List<Target> targets = new ArrayList<>();

	private final BlockingQueue<Integer> ended = new LinkedBlockingQueue<>();

	private Dispatcher dispatcher = new Dispatcher((candidates, connection) -> {
		this.choices.add(candidates.stream().map((candidate) -> candidate.slot()).toList());
		this.loads.add(candidates.stream().map((candidate) -> candidate.connections()).toList());
		return candidates.size() - 1;
	}, this.admitted::contains, this.saturated::add);

	private SocketDirectory directory;

	private HandoffServer server;

	@BeforeEach
	void open() throws IOException {
		this.directory = SocketDirectory.create(this.base);
		this.server = HandoffServer.open(this.directory, this.loop, new Forward());
	}

	@AfterEach
	void close() throws Exception {
		onLoop(() -> {
			this.open.forEach(DescriptorSender::close);
			this.dispatcher.abandon();
			this.server.close();
			return true;
		});
		for (SocketChannel worker : this.workers) {
			worker.close();
		}
		this.loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).await();
		this.directory.close();
	}

	@Test
	void distributorChoosesAmongTheWorkersBySlot() throws Exception {
		DescriptorSender second = add(2);
		DescriptorSender first = add(1);
		dispatch();
		assertThat(this.choices).containsExactly(List.of(1, 2));
		assertThat(unacknowledged(second)).isOne();
		assertThat(unacknowledged(first)).isZero();
	}

	@Test
	void workerThatMayGetNothingIsNoCandidate() throws Exception {
		add(1);
		add(2);
		this.admitted.remove(2);
		refresh();
		dispatch();
		assertThat(this.choices).containsExactly(List.of(1));
	}

	@Test
	void workerThatIsFullIsNoCandidateUntilItHasTakenSome() throws Exception {
		add(1);
		DescriptorSender second = add(2);
		for (int i = 0; i < BOUND; i++) {
			dispatch();
		}
		dispatch();
		assertThat(this.choices.get(BOUND)).containsExactly(1);
		this.workers.get(1).write(ByteBuffer.wrap(new byte[] { 5 }));
		assertThat(this.senders.poll(20, TimeUnit.SECONDS)).isSameAs(second);
		refresh();
		dispatch();
		assertThat(this.choices.get(BOUND + 1)).containsExactly(1, 2);
	}

	@Test
	void workerThatDoesNotTakeAConnectionLagsUntilItHasTakenIt() throws Exception {
		add(1);
		add(2);
		assertThat(isLagging(2)).isFalse();
		dispatch();
		Awaitility.await().until(() -> isLagging(2));
		assertThat(isLagging(1)).isFalse();
		tell(2, 1, 0x80 | 1);
		assertThat(isLagging(2)).isFalse();
	}

	@Test
	void workerLagsOverAllListeners() throws Exception {
		DescriptorSender other = add(1);
		add(2);
		onLoop(() -> {
			this.added.get(1).add(other);
			return other.send(Descriptors.open());
		});
		Awaitility.await().until(() -> isLagging(2));
	}

	private static WorkerVitals vitals(long lagMillis) {
		return new WorkerVitals(0, 0, 0, 0, true, Duration.ofMillis(lagMillis), 0.5);
	}

	@Test
	void shareOfANewWorkerGrowsToAllOfIt() throws Exception {
		add(1);
		WorkerLoad load = this.added.get(0);
		assertThat(load.share()).isOne();
		load.admitted(Duration.ofDays(1));
		assertThat(load.share()).isEqualTo(0.1);
		assertThat((double) onLoop(() -> this.targets.get(0).share())).isEqualTo(0.1);
		WorkerLoad other = new WorkerLoad(0);
		other.admitted(Duration.ofSeconds(1));
		Awaitility.await().until(() -> other.share() > 0.1);
		Awaitility.await().until(() -> other.share() == 1);
	}

	@Test
	void workerThatMayGetConnectionsAgainIsNotNew() {
		WorkerLoad load = new WorkerLoad(0);
		load.admitted(Duration.ZERO);
		load.admitted(Duration.ofDays(1));
		assertThat(load.share()).isOne();
	}

	@Test
	void workerLagsAsItReports() throws Exception {
		add(1);
		ReportedLoad reported = this.added.get(0).reported();
		reported.report(vitals(100), Duration.ofSeconds(1), System.nanoTime());
		assertThat(isLagging(1)).as("a collection may take as long").isFalse();
		reported.report(vitals(100), Duration.ofSeconds(1), System.nanoTime());
		assertThat(isLagging(1)).isTrue();
		reported.report(vitals(90), Duration.ofSeconds(1), System.nanoTime());
		assertThat(isLagging(1)).isFalse();
		long earlier = System.nanoTime() - Duration.ofSeconds(3).toNanos();
		reported.report(vitals(0), Duration.ofSeconds(5), earlier);
		assertThat(isLagging(1)).as("it said that it would report later").isFalse();
		reported.report(vitals(0), Duration.ofSeconds(1), earlier);
		assertThat(isLagging(1)).as("it reports no more").isTrue();
		assertThat((double) onLoop(() -> this.targets.get(0).cpuLoad())).isEqualTo(0.5);
	}

	@Test
	void distributorIsToldHowManyConnectionsAWorkerHas() throws Exception {
		add(1);
		add(2);
		dispatch();
		dispatch();
		tell(2, 2, 0x80 | 1);
		dispatch();
		assertThat(this.loads).containsExactly(List.of(0, 0), List.of(0, 1), List.of(0, 1));
	}

	@Test
	void workerThatHasAsManyConnectionsAsItMayIsNoCandidateUntilOneEnds() throws Exception {
		this.limit = 2;
		add(1);
		DescriptorSender second = add(2);
		for (int i = 0; i < 4; i++) {
			dispatch();
		}
		assertThat(this.choices).containsExactly(List.of(1, 2), List.of(1, 2), List.of(1), List.of(1));
		assertThat(this.saturated).hasSize(2).doesNotHaveDuplicates();
		assertThat(canAccept()).isFalse();
		dispatch();
		tell(2, 2, 0x80 | 1);
		refresh();
		assertThat(this.choices).hasSize(5).endsWith(List.of(2));
		assertThat(connections(second)).isEqualTo(2);
		assertThat(canAccept()).isFalse();
		onLoop(() -> {
			this.added.forEach(WorkerLoad::lift);
			return true;
		});
		refresh();
		assertThat(canAccept()).isTrue();
	}

	@Test
	void workerThatIsFullOnAnotherListenerIsPassedOver() throws Exception {
		add(1);
		add(2);
		onLoop(() -> {
			this.dispatcher.passOver(this.added.get(1));
			return true;
		});
		dispatch();
		assertThat(this.choices).containsExactly(List.of(1));
	}

	static Stream<Arguments> failingDistributors() {
		ConnectionDistributor throwing = (candidates, connection) -> {
			throw new IllegalStateException("No idea");
		};
		ConnectionDistributor recursive = (candidates, connection) -> {
			throw new StackOverflowError();
		};
		ConnectionDistributor below = (candidates, connection) -> -1;
		ConnectionDistributor above = (candidates, connection) -> candidates.size();
		ConnectionDistributor greedy = (candidates, connection) -> {
			candidates.clear();
			return 0;
		};
		return Stream.of(Arguments.of(throwing, "it threw java.lang.IllegalStateException: No idea"),
				Arguments.of(recursive, "it threw java.lang.StackOverflowError"),
				Arguments.of(below, "it chose number -1 of 2"), Arguments.of(above, "it chose number 2 of 2"),
				Arguments.of(greedy, "it threw java.lang.UnsupportedOperationException"));
	}

	@ParameterizedTest
	@MethodSource("failingDistributors")
	void distributorThatFailsIsNamedOnceAndWorkersGetTheConnectionsInTurn(ConnectionDistributor failing, String problem,
			CapturedOutput output) throws Exception {
		this.dispatcher = new Dispatcher(failing, this.admitted::contains, this.saturated::add);
		DescriptorSender first = add(1);
		DescriptorSender second = add(2);
		for (int i = 0; i < 10; i++) {
			dispatch();
		}
		assertThat(unacknowledged(first)).isEqualTo(5);
		assertThat(unacknowledged(second)).isEqualTo(5);
		assertThat(output.getAll().lines().filter((line) -> line.contains("does not choose a worker"))).hasSize(1)
			.allSatisfy((line) -> assertThat(line).contains("WARN", failing.getClass().getName())
				.endsWith("so that one gets the connection in turn: " + problem));
	}

	@Test
	void distributorIsToldWhereAConnectionComesFrom() throws Exception {
		List<InetSocketAddress> clients = new ArrayList<>();
		this.dispatcher = new Dispatcher((candidates, connection) -> {
			clients.add(connection.client());
			return 0;
		}, this.admitted::contains, this.saturated::add);
		add(1);
		dispatch();
		try (ServerSocketChannel server = ServerSocketChannel.open()
			.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
			Socket client = Socket.newSocketStream();
			client.bind(new InetSocketAddress("127.0.0.9", 0));
			client.connect((InetSocketAddress) server.getLocalAddress());
			// Either end knows the other by the address of its own
			onLoop(() -> {
				this.dispatcher.dispatch(client.intValue());
				return true;
			});
			assertThat(clients).hasSize(2)
				.startsWith((InetSocketAddress) null)
				.endsWith((InetSocketAddress) server.getLocalAddress());
		}
		Path path = this.base.resolve("listener.sock");
		try (ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
			.bind(UnixDomainSocketAddress.of(path))) {
			Socket client = Socket.newSocketDomain();
			client.connect(new DomainSocketAddress(path.toString()));
			onLoop(() -> {
				this.dispatcher.dispatch(client.intValue());
				return true;
			});
			assertThat(server.isOpen()).isTrue();
			assertThat(clients).hasSize(3).endsWith((InetSocketAddress) null);
		}
	}

	@Test
	void workerThatOwesAnAckForTooLongIsOverdueWhileAnotherCouldTakeIt() throws Exception {
		DescriptorSender first = add(1);
		dispatch();
		long later = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
		assertThat(onLoop(() -> this.dispatcher.overdue(later, 2000))).as("nobody else").isEmpty();
		DescriptorSender second = add(2);
		assertThat(onLoop(() -> this.dispatcher.overdue(later, 2000))).extracting(Target::sender)
			.containsExactly(first);
		assertThat(onLoop(() -> this.dispatcher.overdue(later, 60_000))).isEmpty();
		dispatch();
		assertThat(onLoop(() -> this.dispatcher.overdue(later, 2000))).as("neither takes anything").isEmpty();
		assertThat(unacknowledged(second)).isOne();
	}

	@Test
	void withoutAWorkerConnectionsWait() throws Exception {
		assertThat(canAccept()).isFalse();
		String waiting = dispatch();
		assertThat(Descriptors.copies(waiting)).isOne();
		DescriptorSender first = add(1);
		assertThat(unacknowledged(first)).isOne();
		assertThat(canAccept()).isTrue();
	}

	@Test
	void whatAWorkerHasNotTakenGoesToAnother() throws Exception {
		DescriptorSender first = add(1);
		DescriptorSender second = add(2);
		dispatch();
		dispatch();
		assertThat(unacknowledged(second)).isEqualTo(2);
		onLoop(() -> {
			second.close();
			return true;
		});
		assertThat(unacknowledged(first)).isEqualTo(2);
		assertThat((boolean) onLoop(() -> this.dispatcher.serves(2))).isFalse();
	}

	@Test
	void workerOfAnotherListenerIsNotThisOnes() throws Exception {
		DescriptorSender first = add(1);
		DescriptorQueue queue = new DescriptorQueue();
		queue.add(Descriptors.open());
		Dispatcher other = new Dispatcher((candidates, connection) -> 0, this.admitted::contains, this.saturated::add);
		assertThat((boolean) onLoop(() -> other.remove(first, queue))).isFalse();
		assertThat(queue.size()).isOne();
		queue.close(1);
	}

	@Test
	void abandonedConnectionsAreClosed() throws Exception {
		String one = dispatch();
		String two = dispatch();
		assertThat((int) onLoop(this.dispatcher::abandon)).isEqualTo(2);
		assertThat(Descriptors.copies(one)).isZero();
		assertThat(Descriptors.copies(two)).isZero();
		assertThat((int) onLoop(this.dispatcher::abandon)).isZero();
	}

	private DescriptorSender add(int worker) throws Exception {
		this.workers.add(TestHandoffWorker.greet(this.directory, 1));
		DescriptorSender sender = this.senders.poll(20, TimeUnit.SECONDS);
		assertThat(sender).isNotNull();
		onLoop(() -> {
			this.open.add(sender);
			WorkerLoad load = new WorkerLoad(this.limit);
			load.add(sender);
			this.added.add(load);
			Target target = new Target(sender, worker, worker, load);
			this.targets.add(target);
			this.dispatcher.add(target);
			return true;
		});
		return sender;
	}

	private String dispatch() throws Exception {
		int descriptor = Descriptors.open();
		String target = Descriptors.target(descriptor);
		onLoop(() -> {
			this.dispatcher.dispatch(descriptor);
			return true;
		});
		return target;
	}

	private void refresh() throws Exception {
		onLoop(() -> {
			this.dispatcher.refresh();
			return true;
		});
	}

	/**
	 * Lets a worker say something, with the end of connections in it, and waits until
	 * that has come.
	 */
	private void tell(int worker, int... messages) throws Exception {
		ByteBuffer bytes = ByteBuffer.allocate(messages.length);
		for (int message : messages) {
			bytes.put((byte) message);
		}
		this.workers.get(worker - 1).write(bytes.flip());
		assertThat(this.ended.poll(20, TimeUnit.SECONDS)).isNotNull();
	}

	private boolean isLagging(int worker) throws Exception {
		return onLoop(() -> this.targets.get(worker - 1).isLagging());
	}

	private int connections(DescriptorSender sender) throws Exception {
		return onLoop(sender::connections);
	}

	private boolean canAccept() throws Exception {
		return onLoop(this.dispatcher::canAccept);
	}

	private int unacknowledged(DescriptorSender sender) throws Exception {
		return onLoop(sender::unacknowledged);
	}

	private <T> T onLoop(Callable<T> task) throws Exception {
		return this.loop.submit(task).get(20, TimeUnit.SECONDS);
	}

	private final class Forward implements HandoffServer.Listener {

		@Override
		public boolean takes(DescriptorSender sender, int listener) {
			DispatcherTests.this.senders.add(sender);
			return true;
		}

		@Override
		public DescriptorReceiver.@Nullable Listener gives(long peerPid, int listener) {
			return null;
		}

		@Override
		public void ended(DescriptorSender sender, int count) {
			DispatcherTests.this.ended.add(count);
		}

		@Override
		public void writable(DescriptorSender sender) {
			DispatcherTests.this.senders.add(sender);
		}

		@Override
		public void closed(DescriptorSender sender, DescriptorQueue unacknowledged) {
			if (!DispatcherTests.this.dispatcher.remove(sender, unacknowledged)) {
				unacknowledged.close(unacknowledged.size());
			}
		}

	}

}
