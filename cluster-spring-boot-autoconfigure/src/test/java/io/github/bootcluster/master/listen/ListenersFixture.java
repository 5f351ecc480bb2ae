package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.distribution.DistributionStrategy;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.SocketDirectory;
import io.github.bootcluster.wire.TestHandoffWorker;
import io.github.bootcluster.wire.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The master's listeners with real connections and real hand-off sockets. All workers are
 * in this process, so that the kernel vouches for them as one: who registers last is who
 * greets next.
 */
@Timeout(60)
abstract class ListenersFixture {

	static final String LOOPBACK = "127.0.0.1";

	static final long OWN_PID = ProcessHandle.current().pid();

	static final Set<String> ALL_GROUPS = Set.of(ClusterWorker.DEFAULT_GROUP);

	static final Set<Integer> NOBODY = Set.of();

	static final Duration LIMIT = Duration.ofSeconds(20);

	@TempDir
	Path base;

	final EventLoopGroup loops = Transport.EPOLL.newEventLoop("test-listeners");

	final IoEventLoop loop = (IoEventLoop) this.loops.next();

	final List<TestHandoffWorker> workers = new ArrayList<>();

	final List<Socket> clients = new ArrayList<>();

	SocketDirectory directory;

	HandoffListeners listeners;

	int lastRequest;

	@BeforeEach
	void open() throws IOException {
		this.directory = SocketDirectory.create(this.base);
		this.listeners = HandoffListeners.open(this.directory, this.loop, new DistributionSettings(ListenerKind.HANDOFF,
				DistributionStrategy.ROUND_ROBIN::newDistributor, false));
	}

	@AfterEach
	void close() throws Exception {
		for (Socket client : this.clients) {
			client.close();
		}
		this.workers.forEach(TestHandoffWorker::close);
		this.listeners.close(LIMIT).toCompletableFuture().join();
		this.loops.shutdownGracefully(0, 20, TimeUnit.SECONDS).await();
		this.directory.close();
	}

	Frame.Listening listen(String host, int port) throws Exception {
		return (Frame.Listening) ask(1, new Frame.Listen(++this.lastRequest, host, port, 0, 1024));
	}

	Frame ask(int worker, Frame.Listen request) throws Exception {
		return ask(worker, ClusterWorker.DEFAULT_GROUP, request);
	}

	Frame ask(int worker, String group, Frame.Listen request) throws Exception {
		CompletableFuture<Frame> answer = new CompletableFuture<>();
		this.listeners.listen(worker, group, request, answer::complete);
		return answer.get(20, TimeUnit.SECONDS);
	}

	TestHandoffWorker worker(int id, Frame.Listening listening) throws Exception {
		TestHandoffWorker worker = connectTo(id, listening);
		this.listeners.admit(id);
		awaitLoop();
		return worker;
	}

	TestHandoffWorker connectTo(int id, Frame.Listening listening) throws Exception {
		this.listeners.register(id, ClusterWorker.DEFAULT_GROUP, id, OWN_PID, 0);
		TestHandoffWorker worker = new TestHandoffWorker(String.valueOf(id), this.directory, listening.listener(),
				this.loop);
		this.workers.add(worker);
		awaitLoop();
		return worker;
	}

	/**
	 * Waits until the event loop has seen twice what there was for it to see.
	 */
	void awaitLoop() throws Exception {
		for (int i = 0; i < 3; i++) {
			try (SocketChannel probe = TestHandoffWorker.greet(this.directory, 0)) {
				assertThat(probe.read(ByteBuffer.allocate(1))).isNegative();
			}
		}
	}

	Socket connect(Frame.Listening listening) throws IOException {
		return connect(new InetSocketAddress(listening.host(), listening.port()));
	}

	Socket connect(InetSocketAddress address) throws IOException {
		Socket client = new Socket();
		this.clients.add(client);
		client.connect(address);
		client.setSoTimeout(20_000);
		return client;
	}

	String ask(Frame.Listening listening) throws IOException {
		return answer(connect(listening));
	}

	String ask(InetSocketAddress address) throws IOException {
		return answer(connect(address));
	}

	static String ask(Path path) throws IOException {
		return answer(SocketChannel.open(UnixDomainSocketAddress.of(path)));
	}

	static String answer(SocketChannel client) throws IOException {
		try (client) {
			return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.UTF_8);
		}
	}

	static String answer(Socket client) throws IOException {
		return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
	}

	static void assertEnded(Socket client) {
		try {
			assertThat(client.getInputStream().read()).isNegative();
		}
		catch (SocketTimeoutException ex) {
			throw new AssertionError("The connection hangs", ex);
		}
		catch (IOException ex) {
			// A reset is an end, too
		}
	}

}
