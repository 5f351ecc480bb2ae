package io.github.bootcluster.worker.netty;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.github.bootcluster.wire.DescriptorSender;
import io.rsocket.Payload;
import io.rsocket.RSocket;
import io.rsocket.SocketAcceptor;
import io.rsocket.core.RSocketConnector;
import io.rsocket.core.RSocketServer;
import io.rsocket.transport.netty.client.TcpClientTransport;
import io.rsocket.transport.netty.server.CloseableChannel;
import io.rsocket.transport.netty.server.TcpServerTransport;
import io.rsocket.util.DefaultPayload;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.netty.tcp.TcpClient;
import reactor.netty.tcp.TcpServer;

import org.springframework.http.client.ReactorResourceFactory;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of a real RSocket server whose connections are handed over, from a master in the
 * same process.
 */
@Timeout(60)
class RSocketServerTests extends WorkerFixture {

	private static final Duration LIMIT = Duration.ofSeconds(20);

	@Test
	void serverThatJoinsIsServedAndItsConnectionsEndInTheirTurn() throws Exception {
		WorkerServers servers = new WorkerServers(() -> this.connection, () -> this.connections);
		CloseableChannel server = bind((tcp) -> servers.join(tcp.runOn(this.loops))
			.doOnConnection(
					(connection) -> servers.whenDraining(connection).subscribe(null, null, connection::dispose)));
		RSocket client = connect();
		assertThat(ask(client, "hello")).isEqualTo("hello");
		CompletableFuture<Void> drain = CompletableFuture.runAsync(() -> {
			try {
				new ConnectionDrainer(this.connections, new ReactorNettyDrain(), true, Duration.ofMinutes(5)).run();
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}, (task) -> new Thread(task, "test-drain").start());
		client.onClose().block(LIMIT);
		drain.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
		server.dispose();
	}

	/**
	 * Spring Boot gives its RSocket server the loops of the application's
	 * {@link ReactorResourceFactory}.
	 */
	@Test
	void serverOnTheApplicationsResourcesTakesPartByItself() {
		ReactorResourceFactory resources = new ReactorResourceFactory();
		resources.setUseGlobalResources(false);
		resources.setLoopResources(this.loops);
		new LoopResourcesPostProcessor(() -> this.connection, () -> this.connections)
			.postProcessAfterInitialization(resources, "reactorResourceFactory");
		CloseableChannel server = bind((tcp) -> tcp.runOn(resources.getLoopResources()));
		assertThat(server.address()).isEqualTo(this.master.address());
		RSocket client = connect();
		assertThat(ask(client, "hello")).isEqualTo("hello");
		client.dispose();
		server.dispose();
	}

	private static CloseableChannel bind(Function<TcpServer, TcpServer> customizer) {
		TcpServer tcp = customizer.apply(TcpServer.create().host("127.0.0.1").port(0));
		return RSocketServer.create(SocketAcceptor.forRequestResponse(Mono::just))
			.bind(TcpServerTransport.create(tcp))
			.blockOptional(LIMIT)
			.orElseThrow();
	}

	private RSocket connect() {
		TcpClient tcp = TcpClient.create()
			.remoteAddress(() -> this.master.address())
			.doOnConnected((connected) -> handOver());
		return RSocketConnector.create().connect(TcpClientTransport.create(tcp)).blockOptional(LIMIT).orElseThrow();
	}

	private void handOver() {
		try {
			DescriptorSender sender = this.master.awaitSender();
			assertThat(this.master.handOver(sender)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static String ask(RSocket client, String text) {
		Payload answer = client.requestResponse(DefaultPayload.create(text)).blockOptional(LIMIT).orElseThrow();
		try {
			return answer.getDataUtf8();
		}
		finally {
			answer.release();
		}
	}

}
