package io.github.bootcluster.worker;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with a real server and connections.
 */
@Timeout(60)
class ReactorNettyDrainTests {

	private static final byte SETTINGS = 4;

	private static final byte GOAWAY = 7;

	private final ReactorNettyDrain drain = new ReactorNettyDrain();

	private final BlockingQueue<Channel> connections = new LinkedBlockingQueue<>();

	private final BlockingQueue<Sinks.One<String>> requests = new LinkedBlockingQueue<>();

	private final LoopResources loops = LoopResources.create("test-drain", 1, true);

	private DisposableServer server;

	@BeforeEach
	void start() {
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.runOn(this.loops)
			.doOnChannelInit((observer, channel, address) -> this.connections.add(channel))
			.route((routes) -> routes.get("/", (request, response) -> response.sendString(Mono.just("hello")))
				.get("/slow", (request, response) -> {
					Sinks.One<String> answer = Sinks.one();
					this.requests.add(answer);
					return response.sendString(answer.asMono());
				}))
			.bindNow();
	}

	@AfterEach
	void stop() {
		this.server.disposeNow(Duration.ofSeconds(20));
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(20)).block(Duration.ofSeconds(20));
	}

	@Test
	void http2ConnectionGetsOneGoawayAndIsClosed() throws Exception {
		DisposableServer http2 = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.protocol(HttpProtocol.H2C)
			.runOn(this.loops)
			.doOnChannelInit((observer, channel, address) -> this.connections.add(channel))
			.handle((request, response) -> response.send())
			.bindNow();
		try (Socket client = new Socket("127.0.0.1", http2.port())) {
			client.setSoTimeout(20_000);
			client.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			client.getOutputStream().write(new byte[] { 0, 0, 0, SETTINGS, 0, 0, 0, 0, 0 });
			DataInputStream frames = new DataInputStream(client.getInputStream());
			assertThat(frameType(frames)).isEqualTo(SETTINGS);
			assertThat(frameType(frames)).as("acknowledgement, so that all was read").isEqualTo(SETTINGS);
			Channel connection = this.connections.take();
			connection.eventLoop().submit(() -> {
				this.drain.drain(connection, false);
				this.drain.drain(connection, false);
			}).get();
			int goaways = 0;
			for (int type = frameType(frames); type >= 0; type = frameType(frames)) {
				goaways += (type == GOAWAY) ? 1 : 0;
			}
			assertThat(goaways).isOne();
		}
		finally {
			http2.disposeNow();
		}
	}

	private static int frameType(DataInputStream frames) throws IOException {
		int first = frames.read();
		if (first < 0) {
			return -1;
		}
		int length = (first << 16) | frames.readUnsignedShort();
		int type = frames.readUnsignedByte();
		frames.skipNBytes(1 + Integer.BYTES + length);
		return type;
	}

	@Test
	void responseAfterTheDrainTellsTheClientToClose() throws Exception {
		try (Socket client = connect()) {
			request(client, "/");
			assertThat(response(client)).startsWith("HTTP/1.1 200").doesNotContainIgnoringCase("connection: close");
			drain(connection(), false);
			request(client, "/");
			assertThat(response(client)).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
			assertThat(client.getInputStream().read()).as("closed by the server").isNegative();
		}
	}

	@Test
	void requestInFlightIsAnsweredAndTheConnectionClosedThen() throws Exception {
		try (Socket client = connect()) {
			request(client, "/slow");
			Sinks.One<String> answer = this.requests.poll(20, TimeUnit.SECONDS);
			assertThat(answer).isNotNull();
			Channel connection = connection();
			drain(connection, true);
			assertThat(connection.isOpen()).isTrue();
			answer.tryEmitValue("hello");
			assertThat(response(client)).containsIgnoringCase("connection: close").endsWith("hello");
			assertThat(client.getInputStream().read()).isNegative();
		}
	}

	@Test
	void idleConnectionIsClosedOnlyWhenItIsTime() throws Exception {
		try (Socket client = connect()) {
			request(client, "/");
			response(client);
			Channel connection = connection();
			drain(connection, false);
			drain(connection, false);
			assertThat(connection.isOpen()).isTrue();
			drain(connection, true);
			assertThat(client.getInputStream().read()).isNegative();
		}
	}

	@Test
	void connectionThatHasNotAskedYetIsServedUntilItIsTime() throws Exception {
		try (Socket client = connect()) {
			Channel connection = connection();
			drain(connection, false);
			request(client, "/");
			assertThat(response(client)).startsWith("HTTP/1.1 200").containsIgnoringCase("connection: close");
		}
	}

	private Channel connection() throws InterruptedException {
		Channel connection = this.connections.poll(20, TimeUnit.SECONDS);
		assertThat(connection).isNotNull();
		return connection;
	}

	private void drain(Channel connection, boolean closeIdle) {
		connection.eventLoop().submit(() -> this.drain.drain(connection, closeIdle)).syncUninterruptibly();
	}

	private Socket connect() throws IOException {
		Socket client = new Socket();
		client.connect((InetSocketAddress) this.server.address());
		client.setSoTimeout(20_000);
		return client;
	}

	private static void request(Socket client, String path) throws IOException {
		client.getOutputStream()
			.write("GET %s HTTP/1.1\r\nHost: test\r\n\r\n".formatted(path).getBytes(StandardCharsets.US_ASCII));
	}

	/**
	 * Reads a response whose body is "hello", by its length or in chunks.
	 */
	private static String response(Socket client) throws IOException {
		InputStream input = client.getInputStream();
		ByteArrayOutputStream read = new ByteArrayOutputStream();
		boolean chunked = false;
		while (true) {
			int next = input.read();
			assertThat(next).as("what came before: %s", read).isNotNegative();
			read.write(next);
			String text = read.toString(StandardCharsets.US_ASCII);
			chunked = chunked || text.contains("chunked\r\n");
			if (text.endsWith("hello") && !chunked) {
				return text;
			}
			if (chunked && text.endsWith("\r\n0\r\n\r\n")) {
				return text.replace("5\r\nhello\r\n0\r\n\r\n", "hello");
			}
		}
	}

}
