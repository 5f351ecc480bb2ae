package io.github.bootcluster.worker;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import io.github.bootcluster.ClusterException;
import io.github.bootcluster.ClusterFigures;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.DisconnectOutcome;
import io.github.bootcluster.ForkFailedException;
import io.github.bootcluster.ForkRefusedException;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.ScaleOutcome;
import io.github.bootcluster.ScaleRefusedException;
import io.github.bootcluster.SignalRefusedException;
import io.github.bootcluster.UnknownGroupException;
import io.github.bootcluster.UnknownWorkerException;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.message.support.JacksonMessageConverter;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.ControlListener;
import io.github.bootcluster.wire.ControlServer;
import io.github.bootcluster.wire.Failure;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.ListenFailure;
import io.github.bootcluster.wire.NoMasterException;
import io.github.bootcluster.wire.Operation;
import io.github.bootcluster.wire.SocketDirectory;
import io.github.bootcluster.wire.TestFrames;
import io.github.bootcluster.wire.Transport;
import io.github.bootcluster.wire.WorkerIdentity;
import io.github.bootcluster.worker.netty.NettyConnections;
import io.github.bootcluster.worker.netty.TransportDrain;
import io.netty.channel.EventLoopGroup;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Tests of what a worker asks and hears, over a real control socket.
 */
@Timeout(60)
class MasterConnectionTests {

	private static final Object NOTHING = new Object();

	private static final InetSocketAddress ADDRESS = new InetSocketAddress(InetAddress.getLoopbackAddress(), 8080);

	private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

	@TempDir
	Path base;

	private final EventLoopGroup loop = Transport.detect().newEventLoop("test-master");

	private final Master master = new Master();

	private SocketDirectory directory;

	private ControlServer server;

	@BeforeEach
	void open() throws IOException {
		this.directory = SocketDirectory.create(this.base);
		this.server = ControlServer.open(this.directory, Transport.detect(), this.loop, this.master);
	}

	@AfterEach
	void close() throws Exception {
		this.server.close();
		this.loop.shutdownGracefully(0, 20, TimeUnit.SECONDS).await();
		this.directory.close();
	}

	private static WorkerCluster cluster(MasterConnection connection) {
		return new WorkerCluster(connection, connection.messages().with(JacksonMessageConverter.plain()));
	}

	@Test
	void workerIntroducesItself() throws Exception {
		MasterConnection connection = connect();
		assertThat(this.master.hear())
			.isEqualTo(new Frame.Hello(7, ProcessHandle.current().pid(), Frame.Hello.PROTOCOL, "1.2.3"));
		assertThat(connection.kind()).isEqualTo(ListenerKind.HANDOFF);
		assertThat(connection.identity().id()).isEqualTo(7);
		assertThat(connection.handoffSocket()).isEqualTo(SocketDirectory.handoff(this.directory.control()));
	}

	@Test
	void workerThatIsRefusedSaysWhy() {
		this.master.answers = (frame) -> new Frame.Refused("this master did not fork it");
		assertThatExceptionOfType(NoMasterException.class).isThrownBy(this::connect)
			.withMessageContaining("CLUSTER_WORKER_ID is '7'")
			.withMessageContaining("this master did not fork it");
	}

	@Test
	void workerWithoutAMasterSaysSo() {
		this.server.close();
		assertThatExceptionOfType(NoMasterException.class).isThrownBy(this::connect)
			.withMessageContaining("no master listens");
	}

	@Test
	void workerWhoseMasterClosesTheConnectionSaysSo() {
		this.master.answers = (frame) -> {
			this.master.connection.close();
			return null;
		};
		assertThatExceptionOfType(NoMasterException.class).isThrownBy(this::connect)
			.withMessageContaining("the master closed the connection");
	}

	@Test
	void wishToListenIsAnswered() throws Exception {
		this.master.answers = answers((frame) -> (frame instanceof Frame.Listen listen)
				? new Frame.Listening(listen.request(), 3, listen.host(), 4711) : null);
		MasterConnection connection = connect();
		assertThat(connection.listen(ADDRESS, 2, 99).port()).isEqualTo(4711);
		this.master.hear();
		assertThat(this.master.hear()).isEqualTo(new Frame.Listen(1, "127.0.0.1", 8080, 2, 99));
	}

	@Test
	void heartbeatTellsWhatTheWorkerDoes() throws Exception {
		MasterConnection connection = connect();
		RequestCounts requests = new RequestCounts();
		requests.answered(false);
		requests.answered(true);
		Heartbeat heartbeat = new Heartbeat(connection, new NettyConnections(0, new TransportDrain()), requests,
				Duration.ofSeconds(30));
		heartbeat.accepting(true);
		heartbeat.start();
		this.master.hear();
		WorkerVitals vitals = hearVitals();
		assertThat(vitals).isEqualTo(new WorkerVitals(2, 1, 0, 0, true, vitals.loopLag(), vitals.cpuLoad()));
		assertThat(vitals.loopLag()).isLessThan(Duration.ofSeconds(20));
		assertThat(vitals.cpuLoad()).isBetween(0.0, 1.0);
		heartbeat.accepting(false);
		requests.answered(false);
		assertThat(hearVitals()).extracting(WorkerVitals::requests, WorkerVitals::accepting).containsExactly(3L, false);
	}

	@Test
	void idleWorkerReportsLessOftenUntilItServes() throws Exception {
		RequestCounts requests = new RequestCounts();
		new Heartbeat(connect(), new NettyConnections(0, new TransportDrain()), requests, Duration.ofSeconds(9))
			.start();
		this.master.hear();
		// This JVM may have to calm down
		while (hearReport().next().toSeconds() == 1) {
			assertThat(requests.requests()).isZero();
		}
		assertThat(hearReport().next()).as("whole seconds").isEqualTo(Duration.ofSeconds(2));
		requests.answered(false);
		assertThat(hearReport()).satisfies((report) -> {
			assertThat(report.vitals().requests()).isOne();
			assertThat(report.next()).isEqualTo(Duration.ofSeconds(1));
		});
	}

	@Test
	void heartbeatTellsHowLongTheSlowestEventLoopTook() throws Exception {
		BlockedConnections connections = new BlockedConnections();
		new Heartbeat(connect(), connections, new RequestCounts(), Duration.ZERO).start();
		this.master.hear();
		Awaitility.await().until(connections::hasBeenAskedForLong);
		connections.answer.countDown();
		assertThat(hearVitals().loopLag()).isGreaterThanOrEqualTo(BlockedConnections.LONG)
			.extracting((lag) -> lag.toMillis() % 10)
			.isEqualTo(0L);
	}

	private WorkerVitals hearVitals() throws Exception {
		return hearReport().vitals();
	}

	private Frame.Vitals hearReport() throws Exception {
		Frame frame = this.master.hear();
		assertThat(frame).isInstanceOf(Frame.Vitals.class);
		return (Frame.Vitals) frame;
	}

	@Test
	void threadsAreToldOnRequest() throws Exception {
		connect();
		this.master.hear();
		this.master.connection.send(new Frame.DumpThreads());
		assertThat(this.master.hear()).isInstanceOfSatisfying(Frame.ThreadDump.class,
				(dump) -> assertThat(dump.dump()).contains("\"" + Thread.currentThread().getName() + "\"")
					.contains("\tat ")
					.contains(MasterConnectionTests.class.getName() + ".threadsAreToldOnRequest"));
	}

	@Test
	void dumpIsCutAtTheEndOfALine() {
		assertThat(ThreadDumps.cut("one\ntwo\n", 8)).isEqualTo("one\ntwo\n");
		String cut = ThreadDumps.cut("one\ntwo\nthree four five\n", 20);
		assertThat(cut).isEqualTo("one\ntwo\n... (cut)\n");
		String wide = "\u20ac\ud83d\ude00\n".repeat(100_000);
		assertThat(ThreadDumps.cut(wide, ThreadDumps.MAX_LENGTH).getBytes(StandardCharsets.UTF_8))
			.hasSizeBetween(ThreadDumps.MAX_LENGTH - 20, ThreadDumps.MAX_LENGTH);
	}

	@Test
	void numberOfWorkersIsAskedForAndAnswered() throws Exception {
		this.master.answers = performing((operation) -> (operation instanceof Operation.Scale scale)
				? (scale.workers() > 4) ? new ScaleRefusedException("too many") : new ScaleOutcome(scale.workers(), 2)
				: null);
		WorkerCluster cluster = cluster(connect());
		assertThat(cluster.scale(3).toCompletableFuture().get()).isEqualTo(new ScaleOutcome(3, 2));
		assertThat(cluster.scale(5).toCompletableFuture()).failsWithin(Duration.ofSeconds(20))
			.withThrowableThat()
			.withCauseInstanceOf(ScaleRefusedException.class)
			.withMessageContaining("too many");
	}

	@Test
	void groupThatThereIsNotIsToldWithThoseThatThereAre() throws Exception {
		List<String> known = List.of("default", "jobs");
		this.master.answers = performing((operation) -> {
			if (operation instanceof Operation.Scale scale) {
				return scale.group().equals("jobs") ? new ScaleOutcome(scale.workers(), 1)
						: new UnknownGroupException(scale.group(), known);
			}
			return (operation instanceof Operation.Restart restart && restart.group() != null)
					? new UnknownGroupException(restart.group(), known) : null;
		});
		WorkerCluster cluster = cluster(connect());
		assertThat(cluster.scale("jobs", 3).toCompletableFuture().get()).isEqualTo(new ScaleOutcome(3, 1));
		for (CompletionStage<?> refused : List.of(cluster.scale("jobz", 3), cluster.restart("jobz"),
				cluster.restartAndAwait("jobz"))) {
			assertThat(refused.toCompletableFuture()).failsWithin(Duration.ofSeconds(20))
				.withThrowableThat()
				.havingCause()
				.isInstanceOfSatisfying(UnknownGroupException.class,
						(ex) -> assertThat(ex.getKnown()).containsExactly("default", "jobs"));
		}
	}

	@Test
	void whatIsWantedOfWorkersIsAskedForAndAnswered() throws Exception {
		ClusterWorker worker = new ClusterWorker(9, ClusterWorker.DEFAULT_GROUP, 3, 4711, WorkerState.READY, 1, NOW,
				NOW, null, null, null);
		this.master.answers = performing((operation) -> {
			if (operation instanceof Operation.Fork) {
				return worker;
			}
			return (operation instanceof Operation.Disconnect) ? new DisconnectOutcome(worker, null) : NOTHING;
		});
		WorkerCluster cluster = cluster(connect());
		this.master.hear();
		assertThat(cluster.fork(Map.of("A", "b")).toCompletableFuture().get()).isEqualTo(worker);
		assertThat(this.master.hear()).isEqualTo(new Frame.Request(1, new Operation.Fork(Map.of("A", "b"))));
		assertThat(cluster.disconnect(9).toCompletableFuture().get()).isEqualTo(new DisconnectOutcome(worker, null));
		assertThat(this.master.hear()).isEqualTo(new Frame.Request(2, new Operation.Disconnect(9)));
		cluster.disconnect().toCompletableFuture().get();
		assertThat(this.master.hear()).isEqualTo(new Frame.Request(3, new Operation.DisconnectAll()));
		cluster.kill(9, "QUIT").toCompletableFuture().get();
		assertThat(this.master.hear()).isEqualTo(new Frame.Request(4, new Operation.Kill(9, "QUIT")));
		cluster.stop().toCompletableFuture().get();
		assertThat(this.master.hear()).isEqualTo(new Frame.Request(5, new Operation.Stop()));
	}

	@Test
	void whatIsRefusedOfWorkersIsThrownAsInTheMaster() {
		this.master.answers = performing((operation) -> {
			if (operation instanceof Operation.Fork fork) {
				return fork.environment().isEmpty() ? new ForkRefusedException("too many")
						: new ForkFailedException(3, "exited with code 1", List.of("last"));
			}
			if (operation instanceof Operation.Disconnect disconnect) {
				return new UnknownWorkerException(disconnect.worker(), List.of(1, 2));
			}
			return (operation instanceof Operation.Kill kill)
					? new SignalRefusedException(kill.signal(), "allowed is TERM")
					: new ClusterUnavailableException("starting");
		});
		WorkerCluster cluster = cluster(connect());
		assertThat(failure(cluster.fork())).isInstanceOf(ForkRefusedException.class).hasMessage("too many");
		assertThat(failure(cluster.fork(Map.of("A", "b")))).isInstanceOfSatisfying(ForkFailedException.class, (ex) -> {
			assertThat(ex).hasMessage("The worker for slot 3 did not become ready: it exited with code 1");
			assertThat(ex.getLastLines()).containsExactly("last");
		});
		assertThat(failure(cluster.fork(Map.of("CLUSTER_WORKER_ID", "1")))).isInstanceOf(ForkRefusedException.class);
		assertThat(failure(cluster.disconnect(7))).isInstanceOf(UnknownWorkerException.class)
			.hasMessage("There is no worker 7, only 1, 2");
		assertThat(failure(cluster.kill(1, "USR2"))).isInstanceOf(SignalRefusedException.class)
			.hasMessage("Signal 'USR2' cannot be sent: allowed is TERM");
		assertThat(failure(cluster.stop())).isInstanceOf(ClusterUnavailableException.class).hasMessage("starting");
	}

	private static @Nullable Throwable failure(CompletionStage<?> stage) {
		AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
		assertThat(stage).failsWithin(Duration.ofSeconds(20))
			.withThrowableThat()
			.satisfies((thrown) -> failure.set(thrown.getCause()));
		return failure.get();
	}

	@Test
	void masterThatAsksForTheHealthIsAnswered() throws Exception {
		MasterConnection connection = connect();
		this.master.hear();
		this.master.connection.send(new Frame.CheckHealth());
		assertThat(this.master.hear()).as("nobody knows better").isEqualTo(new Frame.Health(true, ""));
		new HealthReporter(connection, () -> new Frame.Health(false, "db: DOWN")).start();
		this.master.connection.send(new Frame.CheckHealth());
		assertThat(this.master.hear()).isEqualTo(new Frame.Health(false, "db: DOWN"));
		new HealthReporter(connection, () -> {
			throw new IllegalStateException("broken");
		}).start();
		this.master.connection.send(new Frame.CheckHealth());
		assertThat(this.master.hear()).isInstanceOfSatisfying(Frame.Health.class, (health) -> {
			assertThat(health.up()).isFalse();
			assertThat(health.details()).contains("broken");
		});
	}

	@Test
	void answersFindTheirRequestsInAnyOrder() throws Exception {
		MasterConnection connection = connect();
		CompletableFuture<Frame> first = connection
			.request((number) -> new Frame.Request(number, new Operation.Restart(null, false)));
		CompletableFuture<Frame> second = connection
			.request((number) -> new Frame.Request(number, new Operation.Restart(null, false)));
		this.master.hear();
		Frame.Request one = (Frame.Request) this.master.hear();
		Frame.Request two = (Frame.Request) this.master.hear();
		this.master.connection
			.send(new Frame.Failed(two.number(), Failure.of(new ClusterUnavailableException("second"))));
		this.master.connection
			.send(new Frame.Failed(one.number(), Failure.of(new ClusterUnavailableException("first"))));
		assertThat(first.get(20, TimeUnit.SECONDS))
			.isEqualTo(new Frame.Failed(one.number(), Failure.of(new ClusterUnavailableException("first"))));
		assertThat(second.get(20, TimeUnit.SECONDS))
			.isEqualTo(new Frame.Failed(two.number(), Failure.of(new ClusterUnavailableException("second"))));
	}

	@Test
	void wishToListenThatIsRefusedIsABindException() {
		this.master.answers = answers((frame) -> (frame instanceof Frame.Listen listen)
				? new Frame.ListenFailed(listen.request(), ListenFailure.ADDRESS_IN_USE, "Address already in use")
				: null);
		MasterConnection connection = connect();
		assertThatExceptionOfType(ListenRefusedException.class).isThrownBy(() -> connection.listen(ADDRESS, 0, 99))
			.satisfies((ex) -> {
				assertThat(ex.getAddress()).isEqualTo("127.0.0.1:8080");
				assertThat(ex.getFailure()).isEqualTo(ListenFailure.ADDRESS_IN_USE);
				assertThat(ex.getReason()).isEqualTo("Address already in use");
			});
	}

	@Test
	void wishToListenFailsWithTheMaster() {
		this.master.answers = answers((frame) -> {
			this.master.connection.close();
			return null;
		});
		MasterConnection connection = connect();
		assertThatIOException().isThrownBy(() -> connection.listen(ADDRESS, 0, 99))
			.withMessageContaining("does not answer")
			.withRootCauseInstanceOf(ClusterUnavailableException.class);
	}

	@Test
	void requestAfterTheEndFailsAtOnce() throws Exception {
		MasterConnection connection = connect();
		this.master.connection.close();
		connection.lost().get(20, TimeUnit.SECONDS);
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(
					() -> connection.request((number) -> new Frame.Request(number, new Operation.Restart(null, false)))
						.join())
			.withCauseInstanceOf(ClusterUnavailableException.class);
	}

	@Test
	void wishesForPortZeroAreCountedByAddress() {
		MasterConnection connection = connect();
		InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
		assertThat(connection.nextOrdinal(any)).isZero();
		assertThat(connection.nextOrdinal(any)).isOne();
		assertThat(connection.nextOrdinal(ADDRESS)).isZero();
		assertThat(connection.nextOrdinal(new InetSocketAddress(0))).isZero();
	}

	@Test
	void masterThatWantsTheWorkerToEndIsHeardWithTheTime() throws Exception {
		MasterConnection connection = connect();
		assertThat(connection.drainRequested()).isNotDone();
		this.master.connection.send(new Frame.Drain(1500));
		assertThat(connection.drainRequested().get(20, TimeUnit.SECONDS)).isEqualTo(Duration.ofMillis(1500));
	}

	@Test
	void frameThatIsNotForAWorkerEndsTheConnection() throws Exception {
		MasterConnection connection = connect();
		this.master.connection.send(TestFrames.READY);
		connection.lost().get(20, TimeUnit.SECONDS);
	}

	@Test
	void answerToNoRequestEndsTheConnection() throws Exception {
		MasterConnection connection = connect();
		this.master.connection.send(new Frame.Failed(77, Failure.of(new ClusterUnavailableException("?"))));
		connection.lost().get(20, TimeUnit.SECONDS);
	}

	@Test
	void clusterOfAWorkerIsWhatTheMasterTellsOfIt() throws Exception {
		MasterConnection connection = connect();
		WorkerCluster cluster = cluster(connection);
		assertThat(cluster.role()).isEqualTo(ClusterRole.WORKER);
		assertThatExceptionOfType(ClusterUnavailableException.class).isThrownBy(cluster::status);
		CompletableFuture<ClusterStatus> told = new CompletableFuture<>();
		connection.addStatusReader(told::complete);
		this.master.connection.send(new Frame.Status(status(null)));
		assertThat(told.get(20, TimeUnit.SECONDS)).isEqualTo(status(null));
		assertThat(cluster.status()).isEqualTo(status(null));
	}

	@Test
	void workerFollowsTheRestartThatItHasAskedFor() throws Exception {
		RestartStatus begun = restart(RestartState.RUNNING, 0);
		this.master.answers = performing((operation) -> begun);
		RollingRestart restart = cluster(connect()).restart().toCompletableFuture().get(20, TimeUnit.SECONDS);
		assertThat(restart.id()).isEqualTo("one");
		assertThat(restart.status()).isEqualTo(begun);
		RestartStatus end = restart(RestartState.COMPLETED, 2);
		this.master.connection.send(new Frame.Status(status(restart(RestartState.RUNNING, 1))));
		this.master.connection.send(new Frame.Status(status(end)));
		assertThat(restart.completion().toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(end);
		assertThat(restart.status()).isEqualTo(end);
	}

	@Test
	void workerThatHasToLeaveBeforeTheRestartEndsTellsHowFarItIs() throws Exception {
		this.master.answers = performing((operation) -> restart(RestartState.RUNNING, 0));
		CompletableFuture<RestartStatus> end = cluster(connect()).restartAndAwait().toCompletableFuture();
		assertThat(this.master.hear()).isInstanceOf(Frame.Hello.class);
		assertThat(this.master.hear()).isInstanceOf(Frame.Request.class);
		assertThat(end).isNotDone();
		this.master.connection.send(new Frame.Status(status(restart(RestartState.RUNNING, 1))));
		this.master.connection.send(new Frame.Drain(1000));
		assertThat(end.get(20, TimeUnit.SECONDS)).isEqualTo(restart(RestartState.RUNNING, 1));
	}

	@Test
	void restartThatIsFollowedFailsWithTheConnection() throws Exception {
		this.master.answers = performing((operation) -> restart(RestartState.RUNNING, 0));
		RollingRestart restart = cluster(connect()).restart().toCompletableFuture().get(20, TimeUnit.SECONDS);
		this.master.connection.close();
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> restart.completion().toCompletableFuture().join())
			.withCauseInstanceOf(ClusterUnavailableException.class);
	}

	@Test
	void restartWhoseEndWasToldTogetherWithTheNextOnesBeginIsNotAwaitedForEver() throws Exception {
		this.master.answers = performing((operation) -> restart(RestartState.RUNNING, 0));
		RollingRestart restart = cluster(connect()).restart().toCompletableFuture().get(20, TimeUnit.SECONDS);
		this.master.connection.send(new Frame.Status(status(restart(RestartState.RUNNING, 1))));
		this.master.connection.send(new Frame.Status(status(
				new RestartStatus("two", RestartState.RUNNING, 3, 0, 2, NOW, null, null, List.of(), List.of()))));
		assertThat(failure(restart.completion())).isInstanceOf(ClusterUnavailableException.class)
			.hasMessage("How rolling restart 'one' ended is not known: 'two' has begun since");
	}

	@Test
	void restartIsRefusedWhileOneRuns() {
		this.master.answers = performing((operation) -> new RestartInProgressException("other"));
		assertThatExceptionOfType(CompletionException.class)
			.isThrownBy(() -> cluster(connect()).restart().toCompletableFuture().join())
			.havingCause()
			.isInstanceOfSatisfying(RestartInProgressException.class,
					(ex) -> assertThat(ex.getRunningId()).isEqualTo("other"));
	}

	private MasterConnection connect() {
		return MasterConnection.open(new WorkerIdentity(7, ClusterWorker.DEFAULT_GROUP, 2, 1, this.directory.control()),
				"1.2.3");
	}

	private static Function<Frame, @Nullable Frame> answers(Function<Frame, @Nullable Frame> others) {
		return (frame) -> (frame instanceof Frame.Hello) ? new Frame.Welcome(ListenerKind.HANDOFF)
				: others.apply(frame);
	}

	/**
	 * Answers requests as a master does.
	 * @param master returns what comes of an operation, {@link #NOTHING} if that is
	 * nothing, an exception, or {@code null} to give no answer
	 * @return answers frames
	 */
	private static Function<Frame, @Nullable Frame> performing(Function<Operation, @Nullable Object> master) {
		return answers((frame) -> {
			if (!(frame instanceof Frame.Request request)) {
				return null;
			}
			Object result = master.apply(request.operation());
			if (result instanceof ClusterException failure) {
				return new Frame.Failed(request.number(), Failure.of(failure));
			}
			return (result != null) ? new Frame.Success(request.number(), (result != NOTHING) ? result : null) : null;
		});
	}

	private static ClusterStatus status(@Nullable RestartStatus restart) {
		return new ClusterStatus(1, 1, 2, ClusterFigures.NONE, List.of(), List.of(), restart);
	}

	private static RestartStatus restart(RestartState state, int replaced) {
		return new RestartStatus("one", state, 2, replaced, 2, NOW, (state != RestartState.RUNNING) ? NOW : null, null,
				List.of(), List.of());
	}

	/**
	 * The master's end, which answers as a test tells it.
	 */
	private static final class Master implements ControlListener {

		private final BlockingQueue<Frame> frames = new LinkedBlockingQueue<>();

		private volatile Function<Frame, @Nullable Frame> answers = answers((frame) -> null);

		@SuppressWarnings("NullAway.Init")
		private volatile ControlConnection connection;

		Frame hear() throws InterruptedException {
			Frame frame = this.frames.poll(20, TimeUnit.SECONDS);
			assertThat(frame).isNotNull();
			return frame;
		}

		@Override
		public void received(ControlConnection connection, Frame frame) {
			this.connection = connection;
			this.frames.add(frame);
			@Nullable Frame answer = this.answers.apply(frame);
			if (answer != null) {
				connection.send(answer);
			}
		}

		@Override
		public void closed(ControlConnection connection) {
		}

	}

	/**
	 * Connections whose event loop does not answer until the test says so.
	 */
	private static final class BlockedConnections implements WorkerConnections {

		static final Duration LONG = Duration.ofMillis(100);

		private final CountDownLatch answer = new CountDownLatch(1);

		private volatile long asked;

		boolean hasBeenAskedForLong() {
			return this.asked != 0 && System.nanoTime() - this.asked > LONG.toNanos();
		}

		@Override
		public void awaitLoops() throws InterruptedException {
			this.asked = System.nanoTime();
			this.answer.await();
		}

		@Override
		public int open() {
			return 0;
		}

		@Override
		public long moved() {
			return 0;
		}

		@Override
		public Socket connect(int port) throws IOException {
			throw new IOException("not in this test");
		}

		@Override
		public void drain(boolean migrateIdle, Duration timeout) {
		}

	}

}
