package io.github.bootcluster.master.supervise;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.RestartState;
import io.github.bootcluster.RestartStatus;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.distribution.DistributionStrategy;
import io.github.bootcluster.event.WorkerDisconnectedEvent;
import io.github.bootcluster.event.WorkerReadyEvent;
import io.github.bootcluster.master.listen.DescriptorBudget;
import io.github.bootcluster.master.listen.DistributionSettings;
import io.github.bootcluster.master.listen.HandoffListeners;
import io.github.bootcluster.master.listen.Listeners;
import io.github.bootcluster.process.WorkerProcess;
import io.github.bootcluster.process.WorkerSignal;
import io.github.bootcluster.wire.ControlServer;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.Operation;
import io.github.bootcluster.wire.RawControlSocket;
import io.github.bootcluster.wire.SocketDirectory;
import io.github.bootcluster.wire.TestFrames;
import io.github.bootcluster.wire.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises of a real supervisor on real Unix sockets to peers that say the wrong thing.
 * Its workers are this process.
 */
@ExtendWith(OutputCaptureExtension.class)
@Timeout(60)
class UntrustedPeerTests {

	private static final long PID = ProcessHandle.current().pid();

	@TempDir
	private Path temporary;

	private final EventLoopGroup loop = Transport.EPOLL.newEventLoop("test");

	private final EventThread thread = new DefaultEventThread("test-supervisor");

	private final BlockingQueue<FakeProcess> forked = new LinkedBlockingQueue<>();

	private final BlockingQueue<Integer> ready = new LinkedBlockingQueue<>();

	private final BlockingQueue<Integer> disconnected = new LinkedBlockingQueue<>();

	private final List<RawControlSocket> sockets = new ArrayList<>();

	private FakeProcess first = new FakeProcess(0);

	private SocketDirectory directory;

	private Supervisor supervisor;

	private ControlServer server;

	private MasterEvents events;

	@BeforeEach
	void open() throws IOException {
		this.directory = SocketDirectory.create(this.temporary);
		Listeners listeners = HandoffListeners.open(this.directory, (IoEventLoop) this.loop.next(),
				new DistributionSettings(ListenerKind.HANDOFF, DistributionStrategy.ROUND_ROBIN::newDistributor,
						false));
		this.events = new MasterEvents((event) -> {
			if (event instanceof WorkerReadyEvent worker) {
				this.ready.add(worker.getWorker().id());
			}
			else if (event instanceof WorkerDisconnectedEvent worker) {
				this.disconnected.add(worker.getWorker().id());
			}
		});
		Duration limit = Duration.ofMinutes(1);
		MasterSettings settings = new MasterSettings(1, List.of(), limit, Duration.ZERO, 0, limit, limit,
				new RespawnPolicy(Duration.ofMillis(1), 1, limit, limit, 10, true),
				new RestartPolicy(limit, 1, Duration.ZERO, false, 1), new RecyclePolicy(0, 0, Duration.ZERO, 0),
				new DescriptorBudget(Long.MAX_VALUE));
		this.supervisor = new Supervisor(new LiveSettings(settings, 1),
				new Supervisor.Platform(this.thread, (id, slot, generation) -> {
					FakeProcess process = new FakeProcess(id);
					this.forked.add(process);
					return process;
				}, () -> 0, (code) -> {
				}), new FakeGenerations(), listeners, this.events);
		this.server = ControlServer.open(this.directory, Transport.EPOLL, this.loop,
				new ControlFrames(this.supervisor, listeners, this.thread));
	}

	@AfterEach
	void close() throws IOException {
		CompletionStage<Void> stopped = this.supervisor.stop();
		for (RawControlSocket socket : this.sockets) {
			socket.close();
		}
		this.supervisor.kill();
		stopped.toCompletableFuture().join();
		this.server.close();
		this.thread.close();
		this.events.close();
		this.loop.shutdownGracefully();
		this.directory.close();
	}

	@Test
	void firstWorkerOfAnotherVersionIsRefusedAndTheStartFails(CapturedOutput output) throws Exception {
		CompletableFuture<Void> started = this.supervisor.start().toCompletableFuture();
		int id = awaitFork().id();
		RawControlSocket worker = connect();
		worker.send(hello(id, Frame.Hello.PROTOCOL + 1, "9.9"));
		String sentence = "its starter 9.9 speaks protocol %d, the master's speaks %d: start the master anew"
			.formatted(Frame.Hello.PROTOCOL + 1, Frame.Hello.PROTOCOL);
		assertThat(worker.receive()).contains("\"type\":\"refused\"").contains(sentence);
		worker.awaitEnd();
		assertThatExceptionOfType(Exception.class).isThrownBy(() -> started.get(30, TimeUnit.SECONDS))
			.havingCause()
			.isInstanceOf(FirstWorkerFailedException.class)
			.withMessage("The first worker did not become ready: was ended by signal 15 (TERM) (%s)", sentence);
		assertThat(warnings(output)).isNotEmpty()
			.allSatisfy((line) -> assertThat(line).contains(sentence))
			.anySatisfy((line) -> assertThat(line).contains("Worker 1 (slot 1"));
		assertThat(this.forked).isEmpty();
	}

	@Test
	void rollingRestartToAnotherVersionIsAbortedAndTheOldOneServes(CapturedOutput output) throws Exception {
		RawControlSocket old = startReady();
		CompletableFuture<RestartStatus> restart = this.supervisor
			.perform(new Operation.Restart(null, false), "the test")
			.thenCompose((restarting) -> ((RollingRestart) restarting).completion())
			.toCompletableFuture();
		FakeProcess replacement = awaitFork();
		RawControlSocket worker = connect();
		worker.send(hello(replacement.id(), Frame.Hello.PROTOCOL + 1, "9.9"));
		worker.awaitEnd();
		RestartStatus status = restart.get(30, TimeUnit.SECONDS);
		assertThat(status.state()).isEqualTo(RestartState.ABORTED);
		assertThat(status.reason()).contains("its starter 9.9 speaks protocol %d, the master's speaks %d"
			.formatted(Frame.Hello.PROTOCOL + 1, Frame.Hello.PROTOCOL));
		assertThat(replacement.isAlive()).isFalse();
		assertServes(old);
		assertThat(output).contains("Rolling restart").contains("is aborted");
	}

	@Test
	void processThatWasNotForkedIsRefusedWithASentence(CapturedOutput output) throws Exception {
		RawControlSocket worker = startReady();
		RawControlSocket stranger = connect();
		stranger.send(hello(99, Frame.Hello.PROTOCOL, "1.0"));
		assertThat(stranger.receive()).contains("\"type\":\"refused\"")
			.contains("this master did not fork a worker 99 with pid " + PID);
		stranger.awaitEnd();
		assertThat(warnings(output)).singleElement()
			.asString()
			.contains("Refused")
			.contains("this master did not fork a worker 99 with pid " + PID);
		assertServes(worker);
	}

	@Test
	void placeOfAWorkerThatIsOnlineIsNotTakenOver() throws Exception {
		RawControlSocket worker = startReady();
		RawControlSocket impostor = connect();
		impostor.send(hello(1, Frame.Hello.PROTOCOL, "1.0"));
		assertThat(impostor.receive()).contains("\"type\":\"refused\"");
		impostor.awaitEnd();
		assertServes(worker);
	}

	@Test
	void firstFrameThatIsNoHelloEndsTheConnectionWithOneLine(CapturedOutput output) throws Exception {
		RawControlSocket worker = startReady();
		RawControlSocket stranger = connect();
		stranger.send(TestFrames.READY_TEXT, TestFrames.READY_TEXT, hello(99, 1, "1.0"));
		stranger.awaitEnd();
		assertServes(worker);
		assertThat(warnings(output)).singleElement()
			.asString()
			.contains("Closing the control connection of a stranger: unexpected Ready");
	}

	@Test
	void framesThatOnlyAMasterSendsEndAWorkersConnectionWithOneLine(CapturedOutput output) throws Exception {
		RawControlSocket worker = startReady();
		worker.send("{\"type\":\"drain\",\"timeoutMillis\":1}",
				"{\"type\":\"welcome\",\"kind\":\"HANDOFF\",\"password\":\"x\"}", "{\"type\":\"draining\"}");
		worker.awaitEnd();
		assertThat(warnings(output)).singleElement()
			.asString()
			.contains("Closing the control connection of Worker 1 (slot 1")
			.contains("unexpected Drain");
		assertReplaced();
	}

	@Test
	void secondHelloEndsAWorkersConnection(CapturedOutput output) throws Exception {
		RawControlSocket worker = startReady();
		worker.send(hello(1, Frame.Hello.PROTOCOL, "1.0"));
		worker.awaitEnd();
		assertThat(warnings(output)).singleElement().asString().contains("unexpected Hello");
		assertReplaced();
	}

	@Test
	void nonsenseEndsAWorkersConnectionAndTheWorkerIsReplaced(CapturedOutput output) throws Exception {
		RawControlSocket worker = startReady();
		worker.send(RawControlSocket.length(Integer.MAX_VALUE));
		worker.awaitEnd();
		assertThat(warnings(output)).singleElement()
			.asString()
			.contains("Closing the control connection of pid " + PID)
			.contains("exceeds 4194304");
		assertReplaced();
	}

	/**
	 * Lets the worker whose connection was closed end, as it does by itself, and another
	 * one take its place.
	 */
	private void assertReplaced() throws Exception {
		assertThat(this.disconnected.poll(30, TimeUnit.SECONDS)).isEqualTo(1);
		CompletableFuture.runAsync(this::assertNoFork, this.thread).get(30, TimeUnit.SECONDS);
		this.first.exit(0);
		FakeProcess replacement = awaitFork();
		RawControlSocket worker = connect();
		worker.send(hello(replacement.id(), Frame.Hello.PROTOCOL, "1.0"), TestFrames.READY_TEXT);
		assertThat(awaitReady()).isEqualTo(replacement.id());
		assertServes(worker);
	}

	private void assertNoFork() {
		assertThat(this.forked).as("replacements while the old one lives").isEmpty();
	}

	private RawControlSocket startReady() throws Exception {
		CompletableFuture<Void> started = this.supervisor.start().toCompletableFuture();
		this.first = awaitFork();
		RawControlSocket worker = connect();
		worker.send(hello(this.first.id(), Frame.Hello.PROTOCOL, "1.0"), TestFrames.READY_TEXT);
		started.get(30, TimeUnit.SECONDS);
		awaitReady();
		return worker;
	}

	/**
	 * Asserts that the master still listens to a worker: it answers a request.
	 * @param worker the worker
	 */
	private static void assertServes(RawControlSocket worker) throws IOException {
		worker.send("{\"type\":\"request\",\"number\":5,\"operation\":{\"type\":\"restart\",\"awaited\":false}}");
		String frame = worker.receive();
		while (!frame.contains("\"request\":5") || frame.contains("\"received\"")) {
			frame = worker.receive();
		}
		assertThat(frame).contains("success");
	}

	private FakeProcess awaitFork() throws InterruptedException {
		FakeProcess process = this.forked.poll(30, TimeUnit.SECONDS);
		assertThat(process).as("forked process").isNotNull();
		return process;
	}

	private int awaitReady() throws InterruptedException {
		Integer id = this.ready.poll(30, TimeUnit.SECONDS);
		assertThat(id).as("ready worker").isNotNull();
		return id;
	}

	private RawControlSocket connect() throws IOException {
		RawControlSocket socket = RawControlSocket.connect(this.directory.control());
		this.sockets.add(socket);
		return socket;
	}

	private static String hello(int worker, int protocol, String version) {
		return "{\"type\":\"hello\",\"worker\":%d,\"pid\":%d,\"protocol\":%d,\"version\":\"%s\"}".formatted(worker, PID,
				protocol, version);
	}

	private static List<String> warnings(CapturedOutput output) {
		return output.toString().lines().filter((line) -> line.contains(" WARN ")).toList();
	}

	/**
	 * Process that ends when it is told to.
	 */
	private static final class FakeProcess implements WorkerProcess {

		private final int id;

		private final CompletableFuture<Integer> exit = new CompletableFuture<>();

		FakeProcess(int id) {
			this.id = id;
		}

		int id() {
			return this.id;
		}

		void exit(int code) {
			this.exit.complete(code);
		}

		@Override
		public long pid() {
			return PID;
		}

		@Override
		public CompletionStage<Integer> onExit() {
			return this.exit;
		}

		@Override
		public void terminate() {
			exit(128 + 15);
		}

		@Override
		public void kill() {
			exit(128 + 9);
		}

		@Override
		public CompletionStage<Void> signal(WorkerSignal signal) {
			return CompletableFuture.completedStage(null);
		}

		@Override
		public boolean isAlive() {
			return !this.exit.isDone();
		}

		@Override
		public OptionalLong residentMemory() {
			return OptionalLong.empty();
		}

		@Override
		public Optional<Duration> processorTime() {
			return Optional.empty();
		}

		@Override
		public boolean wasKilledForMemory() {
			return false;
		}

		@Override
		public List<String> lastLines() {
			return List.of();
		}

	}

}
