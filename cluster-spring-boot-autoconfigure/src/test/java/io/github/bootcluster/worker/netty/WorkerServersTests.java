package io.github.bootcluster.worker.netty;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.wire.DescriptorSender;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.wire.TestFrames;
import io.github.bootcluster.worker.WorkerRuntime;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.netty.Connection;
import reactor.netty.DisposableServer;
import reactor.netty.NettyInbound;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.TcpServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests of servers that are no web servers, with real connections, from a master in the
 * same process.
 */
@Timeout(60)
class WorkerServersTests extends WorkerFixture {

	private final BlockingQueue<Connection> accepted = new LinkedBlockingQueue<>();

	private WorkerServers servers;

	private TcpServer plain;

	private TcpServer echo;

	@BeforeEach
	void open() {
		this.servers = new WorkerServers(() -> this.connection, () -> this.connections);
		this.plain = TcpServer.create().host("127.0.0.1").port(0).runOn(this.loops).doOnConnection(this.accepted::add);
		this.echo = this.plain.handle((inbound, outbound) -> outbound.send(inbound.receive().retain()));
	}

	@Test
	void tcpServerGetsItsConnectionsHandedOverOnTheLoopsThatItWasGiven() throws Exception {
		DisposableServer server = this.servers.join(this.echo).bindNow();
		DescriptorSender sender = this.master.awaitSender();
		assertThat(server.address()).isEqualTo(this.master.address());
		try (Socket client = connect(sender)) {
			assertThat(echo(client, "hello")).isEqualTo("hello");
			Connection connection = this.accepted.poll(20, TimeUnit.SECONDS);
			assertThat(connection).isNotNull();
			assertThat(connection.channel()).isInstanceOf(HandoffSocketChannel.class);
			assertThat(connection.channel().eventLoop().submit(() -> Thread.currentThread().getName()).get())
				.startsWith("test-worker");
		}
		server.disposeNow();
	}

	@Test
	void serverThatHasJoinedIsNotWrappedAgain() {
		TcpServer joined = this.servers.join(this.echo);
		assertThat(joined).isNotSameAs(this.echo);
		assertThat(this.servers.join(joined)).isSameAs(joined);
	}

	@Test
	void eventLoopsThatCannotServeAreRefusedWithAWayOut() throws Exception {
		EventLoopGroup own = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		try {
			TcpServer server = this.servers.join(this.echo.runOn(own));
			assertThatIllegalStateException().isThrownBy(server::bindNow).withMessageContaining("LoopResources.create");
		}
		finally {
			own.shutdownGracefully(0, 20, TimeUnit.SECONDS).await();
		}
	}

	@Test
	void httpServerCanJoinAsWell() throws Exception {
		DisposableServer server = this.servers
			.join(HttpServer.create()
				.host("127.0.0.1")
				.port(0)
				.runOn(this.loops)
				.handle((request, response) -> response.send()))
			.bindNow();
		this.master.awaitSender();
		assertThat(server.address()).isEqualTo(this.master.address());
		server.disposeNow();
	}

	@Test
	void connectionThatNobodyEndsGoesOnUntilTheDrainIsOver() throws Exception {
		DisposableServer server = this.servers.join(this.echo).bindNow();
		try (Socket client = connect(this.master.awaitSender())) {
			assertThat(echo(client, "before")).isEqualTo("before");
			CompletableFuture<Void> drain = drain(Duration.ofSeconds(2));
			assertThat(echo(client, "while it drains")).isEqualTo("while it drains");
			assertThat(drain).isNotDone();
			drain.get(20, TimeUnit.SECONDS);
			assertThat(client.getInputStream().read()).isNegative();
		}
		server.disposeNow();
	}

	@Test
	void drainIsOverWhenTheLastClientHasGone() throws Exception {
		DisposableServer server = this.servers.join(this.echo).bindNow();
		CompletableFuture<Void> drain;
		try (Socket client = connect(this.master.awaitSender())) {
			assertThat(echo(client, "before")).isEqualTo("before");
			drain = drain(Duration.ofMinutes(5));
			assertThat(echo(client, "the last")).isEqualTo("the last");
			assertThat(drain).isNotDone();
		}
		drain.get(20, TimeUnit.SECONDS);
		server.disposeNow();
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void applicationEndsAConnectionInOrderWhenItIsTold(boolean http) throws Exception {
		DisposableServer server = this.servers
			.join(this.plain.handle((inbound, outbound) -> outbound.send(welcomeAndGoodbye(inbound), (buffer) -> true)))
			.bindNow();
		try (Socket client = connect(this.master.awaitSender())) {
			assertThat(new String(client.getInputStream().readNBytes(7), StandardCharsets.UTF_8)).isEqualTo("welcome");
			drain(http ? new ReactorNettyDrain() : new TransportDrain(), Duration.ofSeconds(3)).get(20,
					TimeUnit.SECONDS);
			assertThat(client.getInputStream().readAllBytes()).asString(StandardCharsets.UTF_8).isEqualTo("goodbye");
		}
		server.disposeNow();
	}

	private Flux<ByteBuf> welcomeAndGoodbye(NettyInbound inbound) {
		return Flux.<String>never()
			.takeUntilOther(this.servers.whenDraining(inbound))
			.startWith("welcome")
			.concatWithValues("goodbye")
			.map((text) -> Unpooled.copiedBuffer(text, StandardCharsets.UTF_8));
	}

	@Test
	void masterIsToldOfAServerThatTheApplicationCloses() throws Exception {
		DisposableServer server = this.servers.join(this.echo).bindNow();
		this.master.awaitSender();
		server.disposeNow();
		assertThat(this.master.awaitTold()).isEqualTo(new Frame.Unlisten(1));
	}

	@Test
	void serverThatClosesBecauseTheWorkerEndsLeavesItsAddressToTheOthers() throws Exception {
		DisposableServer server = this.servers.join(this.echo).bindNow();
		this.master.awaitSender();
		this.connection.leave();
		server.disposeNow();
		this.connection.unlisten(2);
		this.connection.leave();
		new WorkerRuntime(this.connection, this.connections, true, Duration.ZERO, Duration.ZERO)
			.ready(TestFrames.READY.resources());
		assertThat(this.master.awaitTold()).isEqualTo(new Frame.Draining());
		assertThat(this.master.awaitTold()).as("nothing in between, and no second time").isEqualTo(TestFrames.READY);
	}

	private CompletableFuture<Void> drain(Duration timeout) {
		return drain(new ReactorNettyDrain(), timeout);
	}

	private CompletableFuture<Void> drain(ConnectionDrain drain, Duration timeout) {
		return CompletableFuture.runAsync(() -> {
			try {
				new ConnectionDrainer(this.connections, drain, true, timeout).run();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}, (task) -> new Thread(task, "test-drain").start());
	}

	private Socket connect(DescriptorSender sender) throws IOException {
		Socket client = new Socket(this.master.address().getAddress(), this.master.address().getPort());
		client.setSoTimeout(20_000);
		assertThat(this.master.handOver(sender)).isTrue();
		return client;
	}

	private static String echo(Socket client, String text) throws IOException {
		client.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
		return new String(client.getInputStream().readNBytes(text.length()), StandardCharsets.UTF_8);
	}

}
