package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.DisconnectOutcome;
import io.github.bootcluster.ExitKind;
import io.github.bootcluster.ForkFailedException;
import io.github.bootcluster.ForkRefusedException;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.RestartAbortedException;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.ScaleRefusedException;
import io.github.bootcluster.SignalRefusedException;
import io.github.bootcluster.SlotStatus;
import io.github.bootcluster.UnknownGroupException;
import io.github.bootcluster.UnknownWorkerException;
import io.github.bootcluster.WorkerExit;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.message.ClusterMessage;
import io.github.bootcluster.message.MessageFailure;
import io.github.bootcluster.message.MessageTarget;
import io.netty.channel.EventLoopGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests of both ends of a control socket, with real sockets.
 */
class ControlSocketTests {

	private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678901234Z");

	private static final ClusterFigures FIGURES = new ClusterFigures(Long.MAX_VALUE, 2,
			Arrays.stream(ExitKind.values()).collect(Collectors.toMap((kind) -> kind, (kind) -> 1L + kind.ordinal())),
			new ClusterFigures.Restarts(3, Duration.ofNanos(1_234_567_890_123L)),
			new ClusterFigures.Restarts(1, Duration.ofMinutes(5)),
			new ClusterFigures.Connections(Long.MAX_VALUE, 4, 5, 6, 7));

	@TempDir
	Path base;

	private final Ear master = new Ear();

	private final Ear worker = new Ear();

	@SuppressWarnings("NullAway.Init")
	private SocketDirectory directory;

	@SuppressWarnings("NullAway.Init")
	private EventLoopGroup loop;

	@SuppressWarnings("NullAway.Init")
	private ControlServer server;

	private void open(Transport transport) throws IOException {
		this.directory = SocketDirectory.create(this.base);
		this.loop = transport.newEventLoop("test-control");
		this.server = ControlServer.open(this.directory, transport, this.loop, this.master);
	}

	private ControlConnection connect(Transport transport) throws IOException {
		return ControlClient.connect(this.directory.control(), transport, this.loop, this.worker);
	}

	@AfterEach
	void close() throws Exception {
		this.server.close();
		this.loop.shutdownGracefully(0, 20, TimeUnit.SECONDS).await();
		this.directory.close();
	}

	@ParameterizedTest
	@EnumSource
	void everyFrameComesAsItWasSent(Transport transport) throws Exception {
		open(transport);
		ControlConnection connection = connect(transport);
		for (Frame frame : frames()) {
			connection.send(frame);
			assertThat(this.master.hear()).isEqualTo(frame);
		}
		ControlConnection back = this.master.connection;
		for (Frame frame : frames()) {
			back.send(frame);
			assertThat(this.worker.hear()).isEqualTo(frame);
		}
	}

	@Test
	void everyFrameIsTested() throws Exception {
		open(Transport.detect());
		Set<Class<?>> tested = frames().stream().map(Object::getClass).collect(Collectors.toSet());
		assertThat(leaves(Frame.class)).isNotEmpty().allSatisfy((type) -> assertThat(tested).contains(type));
	}

	private static Stream<Class<?>> leaves(Class<?> type) {
		return type.isSealed() ? Arrays.stream(type.getPermittedSubclasses()).flatMap(ControlSocketTests::leaves)
				: Stream.of(type);
	}

	@Test
	void framesComeInTheirOrder() throws Exception {
		open(Transport.detect());
		ControlConnection connection = connect(Transport.detect());
		for (int i = 0; i < 1000; i++) {
			connection.send(new Frame.Request(i, new Operation.Restart(null, false)));
		}
		for (int i = 0; i < 1000; i++) {
			assertThat(this.master.hear()).isEqualTo(new Frame.Request(i, new Operation.Restart(null, false)));
		}
	}

	@Test
	void statusOfTheLargestClusterFits() throws Exception {
		open(Transport.detect());
		connect(Transport.detect()).send(TestFrames.READY);
		this.master.hear();
		String group = "g".repeat(32);
		List<ClusterWorker> workers = IntStream.range(0, 2 * 1024)
			.mapToObj((i) -> new ClusterWorker(Integer.MAX_VALUE - i, group, i, Integer.MAX_VALUE,
					WorkerState.LISTENING, Integer.MAX_VALUE, NOW, NOW,
					new WorkerVitals(Long.MAX_VALUE, Long.MAX_VALUE, 1, 1, false, Duration.ofSeconds(Long.MAX_VALUE),
							0.05),
					Long.MAX_VALUE, null))
			.toList();
		SlotStatus.LastExit exit = new SlotStatus.LastExit(Integer.MAX_VALUE, ExitKind.OUT_OF_MEMORY, true,
				"x".repeat(500), "y".repeat(500), NOW);
		List<SlotStatus> slots = IntStream.range(0, 1024)
			.mapToObj((i) -> new SlotStatus(group, i, false, Integer.MAX_VALUE, exit))
			.toList();
		List<String> lines = IntStream.range(0, 50).mapToObj((i) -> "x".repeat(2000)).toList();
		Frame status = new Frame.Status(new ClusterStatus(Long.MAX_VALUE, 1, 1024, FIGURES, workers, slots,
				new RestartStatus("id", RestartState.ABORTED, 2, 3, 4, NOW, NOW, "why", lines, List.of())));
		this.master.connection.send(status);
		assertThat(this.worker.hear()).isEqualTo(status);
	}

	@ParameterizedTest
	@EnumSource
	void kernelVouchesForTheWorker(Transport transport) throws Exception {
		open(transport);
		ControlConnection connection = connect(transport);
		assertThat(connection.peerPid()).isEmpty();
		connection.send(TestFrames.READY);
		this.master.hear();
		if (transport == Transport.EPOLL) {
			assertThat(this.master.connection.peerPid()).hasValue(ProcessHandle.current().pid());
		}
		else {
			assertThat(this.master.connection.peerPid()).as("the JDK knows the account only").isEmpty();
		}
	}

	@ParameterizedTest
	@EnumSource
	void eachEndHearsTheOthersEnd(Transport transport) throws Exception {
		open(transport);
		ControlConnection connection = connect(transport);
		connection.send(TestFrames.READY);
		this.master.hear();
		connection.close();
		assertThat(this.master.awaitClosed()).isSameAs(this.master.connection);
		assertThat(this.worker.awaitClosed()).isSameAs(connection);
	}

	@Test
	void lastFrameComesBeforeTheEnd() throws Exception {
		open(Transport.detect());
		connect(Transport.detect()).send(TestFrames.READY);
		this.master.hear();
		this.master.connection.sendLast(new Frame.Refused("no"));
		assertThat(this.worker.hear()).isEqualTo(new Frame.Refused("no"));
		this.worker.awaitClosed();
	}

	@Test
	void sendingOverAnEndedConnectionIsHarmless() throws Exception {
		open(Transport.detect());
		ControlConnection connection = connect(Transport.detect());
		connection.close();
		this.worker.awaitClosed();
		connection.send(TestFrames.READY);
		connection.offer(TestFrames.READY);
		connection.sendLast(TestFrames.READY);
		connection.close();
	}

	@Test
	void newestOfWhatIsOfferedComesOnceASlowReaderHasRead() throws Exception {
		open(Transport.detect());
		try (RawControlSocket slow = RawControlSocket.connect(this.directory.control())) {
			slow.send(TestFrames.READY_TEXT);
			this.master.hear();
			ControlConnection connection = this.master.connection;
			String large = "x".repeat(1024 * 1024);
			connection.send(new Frame.Refused(large));
			this.loop.submit(() -> {
			}).get(20, TimeUnit.SECONDS);
			assertThat(connection.backlog()).isPositive();
			for (int i = 0; i < 100; i++) {
				connection.offer(new Frame.Failed(i, Failure.of(new ClusterUnavailableException("why"))));
			}
			connection.offer(new Frame.CheckHealth());
			assertThat(slow.receive()).contains(large);
			assertThat(slow.receive()).contains("\"request\":99");
			assertThat(slow.receive()).contains("check-health");
		}
	}

	@Test
	void serverThatHasClosedKeepsTheConnectionsThatThereAre() throws Exception {
		open(Transport.detect());
		ControlConnection connection = connect(Transport.detect());
		connection.send(TestFrames.READY);
		this.master.hear();
		this.server.close();
		connection.send(new Frame.Draining());
		assertThat(this.master.hear()).isEqualTo(new Frame.Draining());
		assertThatIOException().isThrownBy(() -> connect(Transport.detect()))
			.withMessageContaining(this.directory.control().toString());
	}

	private static List<Frame> frames() {
		RestartStatus restart = new RestartStatus("id", RestartState.ABORTED, 2, 1, 4, NOW, NOW, "why",
				List.of("line 1", "Zeile 2 \u00e4\u20ac\ud83d\ude00\n"), List.of());
		RestartStatus running = new RestartStatus("id", RestartState.RUNNING, 2, 1, 4, NOW, null, null, List.of(),
				List.of());
		ClusterStatus status = new ClusterStatus(1, 2, 3, FIGURES,
				List.of(new ClusterWorker(1, ClusterWorker.DEFAULT_GROUP, 1, 4711, WorkerState.READY, 1, NOW, NOW,
						new WorkerVitals(5, 1, 3, 2, true, Duration.ofMillis(120), 0.95), 4096L, null),
						new ClusterWorker(2, "jobs", 2, 4712, WorkerState.FORKED, 2, NOW, null, null, null, null)),
				List.of(new SlotStatus(ClusterWorker.DEFAULT_GROUP, 1, true, 10,
						new SlotStatus.LastExit(7, ExitKind.CRASH, true, "why", "/hs_err", NOW)),
						new SlotStatus("jobs", 2, false, 0, null)),
				restart);
		return List.of(new Frame.Hello(1, Long.MAX_VALUE, 1, "1.0"),
				new Frame.Welcome(ListenerKind.UNMANAGED, "secret"), new Frame.Refused("no \"reason\""),
				new Frame.Listen(1, "::1", 65535, 2, 128), new Frame.Listening(1, 2, "127.0.0.1", 8080, true),
				new Frame.Unlisten(2), new Frame.Listening(1, 3, "/run/app.sock", -1),
				new Frame.ListenFailed(1, ListenFailure.ADDRESS_IN_USE, "in use"), TestFrames.READY,
				new Frame.Vitals(new WorkerVitals(5, 1, 3, 2, true, Duration.ofMillis(120), 0.95),
						Duration.ofSeconds(5)),
				new Frame.DumpThreads(), new Frame.ThreadDump("\"main\" RUNNABLE\n"), new Frame.CheckHealth(),
				new Frame.Health(false, "db: DOWN"), new Frame.Drain(30000), new Frame.Draining(),
				new Frame.Availability(false, true), new Frame.Ping(4),
				new Frame.Request(5, new Operation.Restart(null, true)),
				new Frame.Request(5, new Operation.Restart("jobs", false)),
				new Frame.Request(6, new Operation.Scale(ClusterWorker.DEFAULT_GROUP, 8)),
				new Frame.Success(6, new ScaleOutcome(8, 4)),
				new Frame.Failed(6, Failure.of(new ScaleRefusedException("no"))), new Frame.Success(5, running),
				new Frame.Failed(5, Failure.of(new RestartInProgressException("id"))),
				new Frame.Failed(5, Failure.of(new RestartAbortedException(restart))),
				new Frame.Failed(5, Failure.of(new ClusterUnavailableException("why"))),
				new Frame.Failed(5, Failure.of(new UnknownGroupException("jobz", List.of("default", "jobs")))),
				new Frame.Request(8, new Operation.Fork(Map.of("A", "b=c", "B", ""))),
				new Frame.Success(8, status.workers().get(0)),
				new Frame.Failed(8, Failure.of(new ForkRefusedException("no"))),
				new Frame.Failed(8, Failure.of(new ForkFailedException(3, "why", List.of("last")))),
				new Frame.Request(9, new Operation.Disconnect(2)), new Frame.Request(9, new Operation.Replace(2)),
				new Frame.Success(9, new DisconnectOutcome(status.workers().get(1), null)),
				new Frame.Success(9,
						new DisconnectOutcome(status.workers().get(1),
								new WorkerExit(ExitKind.VOLUNTARY, 0, null, true, "why", null, List.of("last")))),
				new Frame.Request(10, new Operation.DisconnectAll()),
				new Frame.Request(11, new Operation.Kill(2, "QUIT")),
				new Frame.Failed(11, Failure.of(new SignalRefusedException("USR2", "no"))),
				new Frame.Failed(11, Failure.of(new UnknownWorkerException(7, List.of(1, 2)))),
				new Frame.Request(12, new Operation.Stop()), new Frame.Success(12, null), new Frame.Received(12),
				new Frame.Status(status),
				new Frame.Status(new ClusterStatus(1, 2, 3, ClusterFigures.NONE, List.of(), List.of(), null)),
				new Frame.Send(Long.MAX_VALUE, MessageTarget.slot(2), true, "name", "{\"a\": \"\\u0000\u20ac\"}"),
				new Frame.Deliver(1, new ClusterMessage("name", "[]", 3, 2, true)), new Frame.Handled(1, "null"),
				new Frame.Unhandled(1, MessageFailure.GONE, "why"), new Frame.Lead(), new Frame.LeadGivenUp(),
				new Frame.ClaimStart(7), new Frame.StartClaimed(7, true), new Frame.ShareTicketKeys(),
				new Frame.TicketKeys(List.of("A".repeat(64), "z".repeat(64))), new Frame.CollectMeters(7, 1000),
				new Frame.ReportMeters(), new Frame.Meters("data"),
				new Frame.CollectedMeters(7, "default", 2, 3, 0, true, "data"),
				new Frame.RetiredMeters("default", 2, 4, "data"), new Frame.LogLevel("web", "DEBUG"),
				new Frame.LogLevel("web", null));
	}

	/**
	 * Hears what comes.
	 */
	private static final class Ear implements ControlListener {

		private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();

		private final BlockingQueue<ControlConnection> closed = new LinkedBlockingQueue<>();

		@SuppressWarnings("NullAway.Init")
		private volatile ControlConnection connection;

		Frame hear() throws InterruptedException {
			Frame frame = this.frames.poll(20, TimeUnit.SECONDS);
			assertThat(frame).isNotNull();
			return frame;
		}

		ControlConnection awaitClosed() throws InterruptedException {
			ControlConnection ended = this.closed.poll(20, TimeUnit.SECONDS);
			assertThat(ended).isNotNull();
			return ended;
		}

		@Override
		public void received(ControlConnection connection, Frame frame) {
			this.connection = connection;
			this.frames.add(frame);
		}

		@Override
		public void closed(ControlConnection connection) {
			this.closed.add(connection);
		}

	}

}
