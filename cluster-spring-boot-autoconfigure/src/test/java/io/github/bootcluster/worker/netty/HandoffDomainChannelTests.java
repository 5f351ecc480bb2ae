package io.github.bootcluster.worker.netty;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.wire.DescriptorSender;
import io.github.bootcluster.wire.Descriptors;
import io.github.bootcluster.wire.TestHandoffMaster;
import io.github.bootcluster.worker.MasterConnection;
import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
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

/**
 * Tests of a real HTTP server that gets the connections of a Unix socket handed over,
 * from a master in the same process.
 */
@Timeout(60)
class HandoffDomainChannelTests {

	@TempDir
	Path base;

	private final LoopResources loops = LoopResources.create("test-worker", 1, true);

	private final NettyConnections connections = new NettyConnections(0, new TransportDrain());

	private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();

	private Path path;

	private TestHandoffMaster master;

	private DisposableServer server;

	private DescriptorSender sender;

	@BeforeEach
	void open() throws Exception {
		this.path = this.base.resolve("app.sock");
		this.master = new TestHandoffMaster(this.base);
		MasterConnection connection = MasterConnection.open(this.master.identity(), "test");
		this.server = HttpServer.create()
			.bindAddress(() -> new DomainSocketAddress(this.path.toString()))
			.runOn(new ClusterLoopResources(this.loops, () -> connection, () -> this.connections))
			.doOnChannelInit((observer, channel, address) -> this.accepted.add(channel))
			.handle((request, response) -> response
				.sendString(Mono.just(request.remoteAddress() + " asks " + request.hostName())))
			.bindNow();
		this.sender = this.master.awaitSender();
	}

	@AfterEach
	void close() throws Exception {
		this.server.disposeNow();
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(20)).block(Duration.ofSeconds(20));
		this.master.close();
	}

	@Test
	void serverIsBoundToThePath() {
		assertThat(this.server.path()).isEqualTo(this.path.toString());
	}

	@Test
	void connectionIsServedAndItsClientHasNoAddress() throws Exception {
		try (SocketChannel client = connect()) {
			assertThat(ask(client)).startsWith("HTTP/1.1 200").endsWith("null asks localhost");
			Channel channel = this.accepted.poll(20, TimeUnit.SECONDS);
			assertThat(channel).isInstanceOf(HandoffDomainChannel.class);
			assertThat(channel.localAddress()).isEqualTo(new DomainSocketAddress(this.path.toString()));
			assertThat(channel.remoteAddress()).isEqualTo(new DomainSocketAddress(""));
			assertThat(channel.closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
		}
	}

	@Test
	void idleConnectionMovesToAnotherWorker() throws Exception {
		BlockingQueue<Integer> taken = this.master.takeBack();
		try (SocketChannel client = connect()) {
			assertThat(this.accepted.poll(20, TimeUnit.SECONDS)).isNotNull();
			new ConnectionDrainer(this.connections, new ReactorNettyDrain(), true, Duration.ofSeconds(30)).run();
			assertThat(this.connections.moved()).isOne();
			Integer descriptor = taken.poll(20, TimeUnit.SECONDS);
			assertThat(descriptor).isNotNull();
			Descriptors.close(descriptor);
			assertThat(client.read(ByteBuffer.allocate(1))).isNegative();
		}
	}

	private SocketChannel connect() throws IOException {
		SocketChannel client = SocketChannel.open(UnixDomainSocketAddress.of(this.path));
		assertThat(this.master.handOver(this.sender)).isTrue();
		return client;
	}

	private static String ask(SocketChannel client) throws IOException {
		client.write(ByteBuffer.wrap(
				"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII)));
		return new String(Channels.newInputStream(client).readAllBytes(), StandardCharsets.US_ASCII);
	}

}
