package io.github.bootcluster.worker.netty;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.wire.DescriptorSender;
import io.github.bootcluster.wire.SocketLoan;
import io.github.bootcluster.wire.TestHandoffMaster;
import io.github.bootcluster.worker.MasterConnection;
import io.netty.channel.Channel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises on a real HTTP server that accepts on a socket which a master lends it, in the
 * same process.
 */
@Timeout(60)
class BorrowedListenerTests {

	private static final int MAX = 60;

	@TempDir
	Path base;

	private final LoopResources loops = LoopResources.create("test-worker", 1, true);

	private final NettyConnections connections = new NettyConnections(MAX, new TransportDrain());

	private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();

	private final List<Socket> clients = new ArrayList<>();

	private TestHandoffMaster master;

	private MasterConnection connection;

	private DisposableServer server;

	@BeforeEach
	void open() throws IOException {
		this.master = new TestHandoffMaster(this.base, ListenerKind.SHARED);
		this.connection = MasterConnection.open(this.master.identity(), "test");
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.runOn(new ClusterLoopResources(this.loops, () -> this.connection, () -> this.connections))
			.doOnChannelInit((observer, channel, address) -> this.accepted.add(channel))
			.handle((request, response) -> response.sendString(Mono.just("hello")))
			.bindNow();
	}

	@AfterEach
	void close() throws Exception {
		for (Socket client : this.clients) {
			client.close();
		}
		this.server.disposeNow();
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(20)).block(Duration.ofSeconds(20));
		this.master.close();
	}

	@Test
	void connectionsAreServedWithoutTheMaster() throws Exception {
		Socket early = connect();
		this.master.lend();
		assertThat(ask(early)).startsWith("HTTP/1.1 200");
		for (int i = 0; i < 50; i++) {
			assertThat(ask(connect())).startsWith("HTTP/1.1 200");
		}
		assertThat(this.accepted).hasOnlyElementsOfType(HandoffSocketChannel.class).hasSize(51);
	}

	@Test
	void connectionThatIsHandedOverIsServedAsWell() throws Exception {
		DescriptorSender sender = this.master.awaitSender();
		Socket client = connect();
		assertThat(this.master.handOver(sender)).isTrue();
		assertThat(ask(client)).startsWith("HTTP/1.1 200");
	}

	@Test
	void drainingWorkerLeavesTheQueueToOthers() throws Exception {
		SocketLoan loan = this.master.lend();
		Socket served = connect();
		assertThat(ask(served)).startsWith("HTTP/1.1 200");
		this.connections.stopAccepting(false);
		assertThat(this.master.awaitEnd(loan)).isTrue();
		assertUnanswered(connect());
		assertThat(this.connections.open()).isOne();
		assertThat(ask(served)).startsWith("HTTP/1.1 200");
	}

	@Test
	void workerAsksAgainForASocketThatWasTakenBack() throws Exception {
		this.master.recall(this.master.lend());
		Socket waiting = connect();
		this.master.lend();
		assertThat(ask(waiting)).startsWith("HTTP/1.1 200");
	}

	@Test
	void serverThatReadsNothingAcceptsNothing() throws Exception {
		this.server.channel().config().setAutoRead(false);
		this.master.lend();
		Socket waiting = connect();
		assertUnanswered(waiting);
		this.server.channel().config().setAutoRead(true);
		assertThat(response(waiting)).startsWith("HTTP/1.1 200");
	}

	@Test
	void workerThatHasAllConnectionsThatItMayHaveLeavesFurtherOnesToOthers() throws Exception {
		SocketLoan loan = this.master.lend();
		for (int i = 0; i < MAX; i++) {
			assertThat(ask(connect())).startsWith("HTTP/1.1 200");
		}
		Socket waiting = connect();
		assertUnanswered(waiting);
		assertThat(loan.isAccepting()).as("known to the master").isFalse();
		assertThat(this.connections.open()).isEqualTo(MAX);
		this.clients.get(0).close();
		assertThat(response(waiting)).startsWith("HTTP/1.1 200");
	}

	@Test
	void serverThatIsClosedAcceptsNothingMore() throws Exception {
		SocketLoan loan = this.master.lend();
		this.server.disposeNow();
		assertThat(this.master.awaitEnd(loan)).isTrue();
		assertUnanswered(connect());
	}

	@Test
	void idleConnectionsOfADrainingWorkerMoveByWayOfTheMaster() throws Exception {
		this.master.lend();
		BlockingQueue<Integer> returned = this.master.takeBack();
		Socket idle = connect();
		assertThat(this.accepted.poll(20, TimeUnit.SECONDS)).isNotNull();
		new ConnectionDrainer(this.connections, new ReactorNettyDrain(), true, Duration.ofSeconds(30)).run();
		Integer descriptor = returned.poll(20, TimeUnit.SECONDS);
		assertThat(descriptor).isNotNull();
		assertThat(this.connections.moved()).isOne();
		assertUnanswered(idle);
		new io.netty.channel.unix.Socket(descriptor).close();
	}

	private Socket connect() throws IOException {
		Socket client = new Socket();
		this.clients.add(client);
		client.connect(this.master.address());
		client.setSoTimeout(20_000);
		return client;
	}

	private static String ask(Socket client) throws IOException {
		send(client);
		return response(client);
	}

	private static void send(Socket client) throws IOException {
		client.getOutputStream().write("GET / HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
	}

	private static String response(Socket client) throws IOException {
		byte[] buffer = new byte[1024];
		int count = client.getInputStream().read(buffer);
		return new String(buffer, 0, Math.max(count, 0), StandardCharsets.US_ASCII);
	}

	/**
	 * Sends a request and sees that nobody answers it, for a moment in which a server
	 * would.
	 */
	private static void assertUnanswered(Socket client) throws IOException {
		send(client);
		client.setSoTimeout(300);
		assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> client.getInputStream().read());
		client.setSoTimeout(20_000);
	}

}
