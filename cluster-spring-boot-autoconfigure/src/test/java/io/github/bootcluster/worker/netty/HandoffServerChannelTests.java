package io.github.bootcluster.worker.netty;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.wire.DescriptorSender;
import io.github.bootcluster.wire.Descriptors;
import io.github.bootcluster.worker.ListenRefusedException;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ServerSocketChannel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.ChannelBindException;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.ProxyProtocolSupportType;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of a real HTTP server that gets its connections handed over, from a master in the
 * same process.
 */
@Timeout(60)
class HandoffServerChannelTests extends WorkerFixture {

	private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();

	private HttpServer http;

	@BeforeEach
	void open() {
		this.http = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.runOn(resources())
			.doOnChannelInit((observer, channel, address) -> this.accepted.add(channel))
			.handle((request, response) -> response.header("Connection", "close")
				.sendString(Mono.just(String.valueOf(request.remoteAddress()))));
	}

	@Test
	void serverIsBoundToTheAddressOfTheMaster() throws Exception {
		DisposableServer server = this.http.bindNow();
		assertThat(server.address()).isEqualTo(this.master.address());
		assertThat(server.port()).isNotZero();
		server.disposeNow();
	}

	@Test
	void connectionThatIsHandedOverIsServedAsIfItWasAccepted() throws Exception {
		DisposableServer server = this.http.bindNow();
		DescriptorSender sender = this.master.awaitSender();
		try (Socket client = connect()) {
			assertThat(this.master.handOver(sender)).isTrue();
			assertThat(ask(client)).startsWith("HTTP/1.1 200").endsWith(String.valueOf(client.getLocalSocketAddress()));
			Channel channel = this.accepted.poll(20, TimeUnit.SECONDS);
			assertThat(channel).isInstanceOf(HandoffSocketChannel.class);
			assertThat(channel.parent()).isInstanceOf(ServerSocketChannel.class);
			assertThat(channel.localAddress()).isEqualTo(this.master.address());
		}
		server.disposeNow();
	}

	@Test
	void optionsOfChildrenAreSet() throws Exception {
		DisposableServer server = this.http.childOption(ChannelOption.SO_KEEPALIVE, true)
			.childOption(ChannelOption.TCP_NODELAY, false)
			.option(ChannelOption.SO_BACKLOG, 7)
			.bindNow();
		DescriptorSender sender = this.master.awaitSender();
		try (Socket client = connect()) {
			this.master.handOver(sender);
			Channel channel = this.accepted.poll(20, TimeUnit.SECONDS);
			assertThat(channel).isNotNull();
			assertThat(channel.config().getOption(ChannelOption.SO_KEEPALIVE)).isTrue();
			assertThat(channel.config().getOption(ChannelOption.TCP_NODELAY)).isFalse();
			assertThat(ask(client)).startsWith("HTTP/1.1 200");
			assertThat(server.channel().config().getOption(ChannelOption.SO_BACKLOG)).isEqualTo(7);
		}
		server.disposeNow();
	}

	@Test
	void manyConnectionsAreServed() throws Exception {
		DisposableServer server = this.http.bindNow();
		DescriptorSender sender = this.master.awaitSender();
		for (int i = 0; i < 300; i++) {
			try (Socket client = connect()) {
				assertThat(this.master.handOver(sender)).isTrue();
				assertThat(ask(client)).startsWith("HTTP/1.1 200");
			}
		}
		server.disposeNow();
	}

	@Test
	void clientThatHasGoneAlreadyDisturbsNobody() throws Exception {
		DisposableServer server = this.http.bindNow();
		DescriptorSender sender = this.master.awaitSender();
		Socket gone = connect();
		gone.setSoLinger(true, 0);
		gone.close();
		try (Socket client = connect()) {
			this.master.handOver(sender);
			this.master.handOver(sender);
			assertThat(ask(client)).startsWith("HTTP/1.1 200");
		}
		server.disposeNow();
	}

	@Test
	void connectionThatItsClientResetsIsClosed() throws Exception {
		DisposableServer server = this.http.bindNow();
		DescriptorSender sender = this.master.awaitSender();
		Socket client = connect();
		assertThat(this.master.handOver(sender)).isTrue();
		HandoffSocketChannel channel = (HandoffSocketChannel) this.accepted.poll(20, TimeUnit.SECONDS);
		assertThat(channel).isNotNull();
		int descriptor = channel.fd().intValue();
		assertThat(Descriptors.target(descriptor)).startsWith("socket:");
		String target = Descriptors.target(descriptor);
		client.setSoLinger(true, 0);
		client.close();
		assertThat(channel.closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(channel.closeFuture().isSuccess()).isTrue();
		assertThat(channel.isOpen()).isFalse();
		assertThat(channel.fd().isOpen()).isFalse();
		assertThat(Descriptors.copies(target)).as("copies, the master's may still be open").isLessThanOrEqualTo(1);
		server.disposeNow();
	}

	@Test
	void drainingWorkerGivesBackWhatItHasNotTakenAndServesTheRest() throws Exception {
		DisposableServer server = this.http.bindNow();
		DescriptorSender sender = this.master.awaitSender();
		try (Socket served = connect(); Socket late = connect()) {
			this.master.handOver(sender);
			assertThat(this.accepted.poll(20, TimeUnit.SECONDS)).isNotNull();
			server.channel().config().setAutoRead(false);
			server.channel().eventLoop().submit(() -> true).syncUninterruptibly();
			assertThat(this.master.handOver(sender)).isTrue();
			this.connections.stopAccepting(false);
			assertThat(this.master.awaitReturned()).isTrue();
			assertThat(this.connections.open()).isOne();
			assertThat(server.channel().isOpen()).isTrue();
			assertThat(ask(served)).startsWith("HTTP/1.1 200");
			assertThat(late.isConnected()).isTrue();
		}
		server.disposeNow();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void serverThatIsToldToCeaseByAnyThreadTakesNothingUntilItReadsAgain(boolean inEventLoop) throws Exception {
		DisposableServer server = this.http.bindNow();
		DescriptorSender sender = this.master.awaitSender();
		Channel channel = server.channel();
		try (Socket client = connect()) {
			setAutoRead(channel, false, inEventLoop);
			channel.eventLoop().submit(() -> true).syncUninterruptibly();
			assertThat(this.master.handOver(sender)).isTrue();
			channel.eventLoop().submit(() -> true).syncUninterruptibly();
			channel.eventLoop().submit(() -> true).syncUninterruptibly();
			assertThat(this.accepted).isEmpty();
			setAutoRead(channel, true, inEventLoop);
			assertThat(ask(client)).startsWith("HTTP/1.1 200");
		}
		server.disposeNow();
	}

	private static void setAutoRead(Channel channel, boolean autoRead, boolean inEventLoop) {
		if (inEventLoop) {
			channel.eventLoop().submit(() -> channel.config().setAutoRead(autoRead)).syncUninterruptibly();
		}
		else {
			channel.config().setAutoRead(autoRead);
		}
	}

	@Test
	void idleConnectionsMoveToAnotherWorkerAndTheirClientsNoticeNothing() throws Exception {
		DisposableServer server = this.http.bindNow();
		DescriptorSender sender = this.master.awaitSender();
		DisposableServer other = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.runOn(new ClusterLoopResources(this.loops, () -> this.connection,
					() -> new NettyConnections(0, new TransportDrain())))
			.handle((request, response) -> response.header("Connection", "close").sendString(Mono.just("the other")))
			.bindNow();
		DescriptorSender otherSender = this.master.awaitSender();
		this.master.passOn(() -> otherSender);
		List<Socket> clients = new ArrayList<>();
		try {
			for (int i = 0; i < 100; i++) {
				clients.add(connect());
				assertThat(this.master.handOver(sender)).isTrue();
				assertThat(this.accepted.poll(20, TimeUnit.SECONDS)).isNotNull();
			}
			new ConnectionDrainer(this.connections, new ReactorNettyDrain(), true, Duration.ofSeconds(30)).run();
			assertThat(this.connections.moved()).isEqualTo(100);
			assertThat(this.connections.isEmpty()).isTrue();
			for (Socket client : clients) {
				assertThat(ask(client)).startsWith("HTTP/1.1 200").endsWith("the other");
			}
			this.master.awaitEnded(100);
			assertThat(this.master.connections(otherSender)).isZero();
		}
		finally {
			for (Socket client : clients) {
				client.close();
			}
		}
		server.disposeNow();
		other.disposeNow();
	}

	@Test
	void connectionThatTheMasterDoesNotTakeBackIsServedOn() throws Exception {
		DisposableServer server = this.http.bindNow();
		DescriptorSender sender = this.master.awaitSender();
		try (Socket client = connect()) {
			this.master.handOver(sender);
			HandoffSocketChannel channel = (HandoffSocketChannel) this.accepted.poll(20, TimeUnit.SECONDS);
			assertThat(channel).isNotNull();
			HandoffServerChannel serverChannel = (HandoffServerChannel) channel.parent();
			// Given back before the loop can hear that the master does not want it
			channel.eventLoop().submit(() -> {
				serverChannel.stopReceiving(true);
				channel.eventLoop().execute(() -> serverChannel.giveBack(channel));
			}).syncUninterruptibly();
			assertThat(channel.closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
			assertThat(this.accepted.poll(20, TimeUnit.SECONDS)).as("the same connection's new channel").isNotNull();
			assertThat(this.connections.isEmpty()).isFalse();
			assertThat(this.connections.moved()).isZero();
			assertThat(ask(client)).startsWith("HTTP/1.1 200");
		}
		server.disposeNow();
	}

	@Test
	void serverThatIsClosedTakesNothingMore() throws Exception {
		DisposableServer server = this.http.bindNow();
		DescriptorSender sender = this.master.awaitSender();
		server.disposeNow();
		try (Socket late = connect()) {
			if (this.master.handOver(sender)) {
				assertThat(this.master.awaitReturned()).isTrue();
			}
			assertThat(late.isConnected()).isTrue();
		}
	}

	@Test
	void workerThatLostItsHandoffSocketConnectsAgain() throws Exception {
		DisposableServer server = this.http.bindNow();
		this.master.close(this.master.awaitSender());
		DescriptorSender again = this.master.awaitSender();
		try (Socket client = connect()) {
			this.master.handOver(again);
			assertThat(ask(client)).startsWith("HTTP/1.1 200");
		}
		server.disposeNow();
	}

	@Test
	void masterHearsAtOnceOfConnectionsThatEnd() throws Exception {
		DisposableServer server = this.http.bindNow();
		DescriptorSender sender = this.master.awaitSender();
		List<Socket> clients = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			clients.add(connect());
			assertThat(this.master.handOver(sender)).isTrue();
		}
		assertThat(this.master.connections(sender)).isEqualTo(20);
		assertThat(ask(clients.get(0))).startsWith("HTTP/1.1 200");
		this.master.awaitEnded(1);
		assertThat(this.master.connections(sender)).isEqualTo(19);
		for (Socket client : clients) {
			client.close();
		}
		this.master.awaitEnded(19);
		assertThat(this.master.connections(sender)).isZero();
		server.disposeNow();
	}

	@Test
	void connectionWhoseClientHasGoneBeforeItCameHasAnEndToo() throws Exception {
		DisposableServer server = this.http.bindNow();
		DescriptorSender sender = this.master.awaitSender();
		for (int i = 0; i < 20; i++) {
			Socket gone = connect();
			gone.setSoLinger(true, 0);
			gone.close();
			assertThat(this.master.handOver(sender)).isTrue();
		}
		this.master.awaitEnded(20);
		assertThat(this.master.connections(sender)).isZero();
		server.disposeNow();
	}

	@Test
	void workerThatConnectsAgainTellsWhatItHasMeanwhile() throws Exception {
		DisposableServer server = this.http.bindNow();
		DescriptorSender sender = this.master.awaitSender();
		List<Socket> clients = List.of(connect(), connect(), connect());
		for (int i = 0; i < 3; i++) {
			this.master.handOver(sender);
			assertThat(this.accepted.poll(20, TimeUnit.SECONDS)).isNotNull();
		}
		this.master.close(sender);
		assertThat(ask(clients.get(0))).startsWith("HTTP/1.1 200");
		DescriptorSender again = this.master.awaitSender();
		assertThat(this.master.connections(again)).isEqualTo(2);
		assertThat(ask(clients.get(1))).startsWith("HTTP/1.1 200");
		this.master.awaitEnded(1);
		clients.get(2).close();
		this.master.awaitEnded(1);
		assertThat(this.master.connections(again)).isZero();
		server.disposeNow();
	}

	@Test
	void whatTheMasterHasReadFromAConnectionIsReadFirst() throws Exception {
		this.master.useEnvelopes();
		DisposableServer server = this.http.proxyProtocol(ProxyProtocolSupportType.ON).bindNow();
		DescriptorSender sender = this.master.awaitSender();
		String header = "PROXY TCP4 192.0.2.77 10.0.0.1 4711 80\r\n";
		String request = "GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n";
		byte[] all = (header + request).getBytes(StandardCharsets.US_ASCII);
		for (int length : new int[] { 0, 1, header.length(), header.length() + 9, all.length }) {
			try (Socket client = connect()) {
				client.getOutputStream().write(all);
				this.master.handOver(sender, length);
				assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
					.startsWith("HTTP/1.1 200")
					.endsWith("/192.0.2.77:4711");
			}
		}
		this.master.awaitEnded(5);
		assertThat(this.master.connections(sender)).isZero();
		server.disposeNow();
	}

	@Test
	void addressThatIsInUseEndsTheBindAsItWouldWithoutACluster() throws Exception {
		try (ServerSocket other = new ServerSocket(0, 1, new InetSocketAddress("127.0.0.1", 0).getAddress())) {
			assertThatExceptionOfType(ChannelBindException.class)
				.isThrownBy(() -> this.http.port(other.getLocalPort()).bindNow())
				.withCauseInstanceOf(ListenRefusedException.class);
		}
	}

	private Socket connect() throws IOException {
		Socket client = new Socket();
		try {
			client.connect(this.master.address());
			client.setSoTimeout(20_000);
			return client;
		}
		catch (ConnectException ex) {
			client.close();
			throw ex;
		}
	}

	private static String ask(Socket client) throws IOException {
		client.getOutputStream()
			.write("GET / HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		return new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
	}

}
