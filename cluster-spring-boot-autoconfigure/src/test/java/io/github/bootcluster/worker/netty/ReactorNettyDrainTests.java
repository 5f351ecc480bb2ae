package io.github.bootcluster.worker.netty;

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
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.ByteBufFlux;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.ProxyProtocolSupportType;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests with a real server and connections.
 */
@Timeout(60)
class ReactorNettyDrainTests {

	private static final String REQUEST = "GET / HTTP/1.1\r\nHost: test\r\n\r\n";

	private static final byte SETTINGS = 4;

	private static final byte GOAWAY = 7;

	private ReactorNettyDrain drain = new ReactorNettyDrain(HttpConnectionState.find(), Duration.ZERO);

	private final BlockingQueue<Channel> connections = new LinkedBlockingQueue<>();

	private final BlockingQueue<Sinks.One<String>> requests = new LinkedBlockingQueue<>();

	private final Sinks.Many<String> events = Sinks.many().unicast().onBackpressureBuffer();

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
				})
				.get("/begun", (request, response) -> {
					Sinks.One<String> answer = Sinks.one();
					this.requests.add(answer);
					return response.send(ByteBufFlux.fromString(Flux.concat(Mono.just("begun "), answer.asMono())),
							(buffer) -> true);
				})
				.post("/early", (request, response) -> response.sendString(Mono.just("hello")))
				.get("/events",
						(request, response) -> response.sse().sendString(this.events.asFlux(), StandardCharsets.UTF_8))
				.ws("/echo", (inbound, outbound) -> outbound.send(inbound.receive().retain())))
			.bindNow();
	}

	@AfterEach
	void stop() {
		this.server.disposeNow(Duration.ofSeconds(20));
		this.loops.disposeLater(Duration.ZERO, Duration.ofSeconds(20)).block(Duration.ofSeconds(20));
	}

	@Test
	void http2ConnectionIsToldTwiceAndClosedOnlyThen() throws Exception {
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
			drain(connection, false);
			drain(connection, true);
			drain(connection, true);
			assertThat(lastStream(frames)).as("announcement").isEqualTo(Integer.MAX_VALUE);
			Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> {
				drain(connection, true);
				return !connection.isOpen();
			});
			assertThat(lastStream(frames)).as("last stream served").isZero();
			assertThat(frames.read()).as("closed by the server").isNegative();
		}
		finally {
			http2.disposeNow();
		}
	}

	/**
	 * Reads a GOAWAY.
	 */
	private static int lastStream(DataInputStream frames) throws IOException {
		int length = (frames.read() << 16) | frames.readUnsignedShort();
		assertThat(frames.readUnsignedByte()).isEqualTo(GOAWAY);
		frames.skipNBytes(1 + Integer.BYTES);
		int lastStream = frames.readInt();
		frames.skipNBytes(length - Integer.BYTES);
		return lastStream;
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

	@Test
	void connectionBetweenTwoRequestsMayMove() throws Exception {
		try (Socket client = connect()) {
			Channel connection = connection();
			assertThat(awaitMovable(connection)).as("nothing asked yet").isTrue();
			request(client, "/");
			response(client);
			assertThat(awaitMovable(connection)).as("everything answered").isTrue();
			drain(connection, false);
			assertThat(isMovable(connection)).as("told to drain").isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "G", "GET / HTTP/1.1", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: te",
			"POST /early HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n",
			"POST /early HTTP/1.1\r\nHost: test\r\nContent-Length: 10\r\n\r\n12345",
			"POST /early HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n12345\r\n" })
	void connectionWithTheBeginningOfARequestMayNotMove(String beginning) throws Exception {
		try (Socket client = connect()) {
			Channel connection = connection();
			request(client, "/");
			response(client);
			assertThat(awaitMovable(connection)).isTrue();
			client.getOutputStream().write(beginning.getBytes(StandardCharsets.US_ASCII));
			Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> !isMovable(connection));
			if (beginning.contains("/early")) {
				assertThat(response(client)).startsWith("HTTP/1.1 200");
			}
			assertThat(isMovable(connection)).isFalse();
			drain(connection, true);
			assertThat(connection.isOpen()).as("not idle").isTrue();
		}
	}

	@Test
	void connectionWithPipelinedRequestsMayNotMoveBeforeTheLastIsAnswered() throws Exception {
		try (Socket client = connect()) {
			Channel connection = connection();
			request(client, "/slow");
			Sinks.One<String> first = this.requests.poll(20, TimeUnit.SECONDS);
			assertThat(first).isNotNull();
			request(client, "/slow");
			assertThat(isMovable(connection)).isFalse();
			first.tryEmitValue("hello");
			response(client);
			Sinks.One<String> second = this.requests.poll(20, TimeUnit.SECONDS);
			assertThat(second).isNotNull();
			assertThat(isMovable(connection)).isFalse();
			second.tryEmitValue("hello");
			response(client);
			assertThat(awaitMovable(connection)).isTrue();
		}
	}

	@Test
	void connectionThatAProxyHasNamedTheClientOfMayNotMove() throws Exception {
		DisposableServer proxied = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.runOn(this.loops)
			.proxyProtocol(ProxyProtocolSupportType.ON)
			.doOnChannelInit((observer, channel, address) -> this.connections.add(channel))
			.handle((request, response) -> response.sendString(Mono.just("hello")))
			.bindNow();
		try (Socket client = new Socket("127.0.0.1", proxied.port())) {
			client.setSoTimeout(20_000);
			client.getOutputStream()
				.write("PROXY TCP4 192.0.2.1 192.0.2.2 1000 80\r\n".getBytes(StandardCharsets.US_ASCII));
			request(client, "/");
			response(client);
			assertThat(isMovable(connection())).isFalse();
		}
		finally {
			proxied.disposeNow();
		}
	}

	@Test
	void streamOfEventsEndsInOrderBehindAWholeEvent() throws Exception {
		try (Socket client = connect()) {
			request(client, "/events");
			Channel connection = connection();
			this.events.tryEmitNext("data:1\n\n");
			assertThat(read(client, "data:1\n\n")).contains("text/event-stream");
			drain(connection, true);
			this.events.tryEmitNext("data:2");
			read(client, "data:2");
			finish(connection);
			this.events.tryEmitNext("\n\n");
			assertThat(read(client, "0\r\n\r\n")).contains("\n\n");
			assertThat(client.getInputStream().read()).as("closed by the server").isNegative();
		}
	}

	@Test
	void requestWithoutAResponseIsRefusedWhenTheTimeIsUp() throws Exception {
		try (Socket client = connect()) {
			request(client, "/slow");
			Sinks.One<String> answer = this.requests.poll(20, TimeUnit.SECONDS);
			assertThat(answer).isNotNull();
			Channel connection = connection();
			drain(connection, true);
			finish(connection);
			finish(connection);
			answer.tryEmitValue("hello");
			assertThat(new String(client.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
				.startsWith("HTTP/1.1 503 ")
				.containsIgnoringCase("connection: close\r\n")
				.containsIgnoringCase("content-length: 0\r\n")
				.containsOnlyOnce("HTTP/1.1")
				.endsWith("\r\n\r\n");
		}
	}

	@Test
	void responseThatHasBegunIsNotCutShort() throws Exception {
		try (Socket client = connect()) {
			request(client, "/begun");
			Sinks.One<String> answer = this.requests.poll(20, TimeUnit.SECONDS);
			assertThat(answer).isNotNull();
			assertThat(read(client, "begun ")).startsWith("HTTP/1.1 200");
			Channel connection = connection();
			drain(connection, true);
			finish(connection);
			answer.tryEmitValue("hello");
			assertThat(read(client, "0\r\n\r\n")).contains("hello");
		}
	}

	@Test
	void requestsThatWereSentAheadAreAllAnswered() throws Exception {
		try (Socket client = connect()) {
			request(client, "/slow");
			Sinks.One<String> first = this.requests.poll(20, TimeUnit.SECONDS);
			assertThat(first).isNotNull();
			client.getOutputStream().write(REQUEST.repeat(40).getBytes(StandardCharsets.US_ASCII));
			Channel connection = connection();
			Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> requestsRead(connection) > 1);
			drain(connection, false);
			first.tryEmitValue("hello");
			for (int i = 0; i < 41; i++) {
				assertThat(response(client)).as("response %d", i).startsWith("HTTP/1.1 200");
			}
			assertThat(awaitMovable(connection)).as("moved rather than closed").isTrue();
			drain(connection, true);
			assertThat(client.getInputStream().read()).as("closed by the server").isNegative();
		}
	}

	@Test
	void lastOfTheRequestsThatWereSentAheadTellsTheClientToCloseWhenItIsTime() throws Exception {
		try (Socket client = connect()) {
			request(client, "/slow");
			Sinks.One<String> first = this.requests.poll(20, TimeUnit.SECONDS);
			assertThat(first).isNotNull();
			client.getOutputStream().write(REQUEST.repeat(3).getBytes(StandardCharsets.US_ASCII));
			Channel connection = connection();
			Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> requestsRead(connection) == 4);
			drain(connection, true);
			first.tryEmitValue("hello");
			for (int i = 0; i < 3; i++) {
				assertThat(response(client)).as("response %d", i).doesNotContainIgnoringCase("connection: close");
			}
			assertThat(response(client)).containsIgnoringCase("connection: close");
			assertThat(client.getInputStream().read()).as("closed by the server").isNegative();
		}
	}

	@Test
	void idleConnectionOfAnUnknownVersionIsClosedWhenItIsTimeAndRequestsAreAnswered() throws Exception {
		this.drain = new ReactorNettyDrain(HttpConnectionState.find("reactor.netty.http.server.Renamed"),
				Duration.ZERO);
		try (Socket idle = connect(); Socket busy = connect()) {
			request(idle, "/");
			response(idle);
			Channel idleConnection = connection();
			assertThat(isMovable(idleConnection)).isFalse();
			drain(idleConnection, false);
			assertThat(idleConnection.isOpen()).isTrue();
			Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> {
				drain(idleConnection, true);
				return !idleConnection.isOpen();
			});
			request(busy, "/slow");
			Sinks.One<String> answer = this.requests.poll(20, TimeUnit.SECONDS);
			assertThat(answer).isNotNull();
			Channel busyConnection = connection();
			drain(busyConnection, true);
			drain(busyConnection, true);
			answer.tryEmitValue("hello");
			assertThat(response(busy)).containsIgnoringCase("connection: close").endsWith("hello");
		}
	}

	@Test
	void connectionThatWasJustUsedIsLeftToItsClientForAWhile() throws Exception {
		this.drain = new ReactorNettyDrain(HttpConnectionState.find(), Duration.ofHours(1));
		try (Socket client = connect()) {
			request(client, "/");
			response(client);
			Channel connection = connection();
			assertThat(awaitMovable(connection)).isTrue();
			drain(connection, true);
			assertThat(connection.isOpen()).isTrue();
			request(client, "/");
			assertThat(response(client)).containsIgnoringCase("connection: close");
		}
	}

	@Test
	void webSocketIsClosedWithServiceRestartAndTheClientHasTheLastWord() throws Exception {
		try (Socket client = connect()) {
			client.getOutputStream()
				.write(("GET /echo HTTP/1.1\r\nHost: test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
						+ "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			assertThat(read(client, "\r\n\r\n")).startsWith("HTTP/1.1 101");
			Channel connection = connection();
			drain(connection, false);
			client.getOutputStream().write(new byte[] { (byte) 0x81, (byte) 0x81, 0, 0, 0, 0, 'x' });
			assertThat(client.getInputStream().readNBytes(3)).as("echo").containsExactly(0x82, 1, 'x');
			drain(connection, true);
			drain(connection, true);
			DataInputStream frames = new DataInputStream(client.getInputStream());
			assertThat(frames.readUnsignedByte()).as("close frame").isEqualTo(0x88);
			assertThat(frames.readUnsignedByte()).isGreaterThanOrEqualTo(2);
			assertThat(frames.readUnsignedShort()).isEqualTo(1012);
			assertThat(connection.isOpen()).isTrue();
			client.getOutputStream().write(new byte[] { (byte) 0x88, (byte) 0x82, 0, 0, 0, 0, 0x03, (byte) 0xF4 });
			String rest = new String(frames.readAllBytes(), StandardCharsets.UTF_8);
			assertThat(rest).as("reason, and no second close frame").isEqualTo("Service Restart");
		}
	}

	private static int requestsRead(Channel connection) throws Exception {
		HttpConnectionState state = HttpConnectionState.find();
		return connection.eventLoop().submit(() -> state.requestsRead(connection.pipeline())).get(20, TimeUnit.SECONDS);
	}

	private boolean isMovable(Channel connection) throws Exception {
		return connection.eventLoop().submit(() -> this.drain.isMovable(connection)).get(20, TimeUnit.SECONDS);
	}

	private boolean awaitMovable(Channel connection) {
		Awaitility.await().atMost(20, TimeUnit.SECONDS).until(() -> isMovable(connection));
		return true;
	}

	private void finish(Channel connection) {
		connection.eventLoop().submit(() -> this.drain.finish(connection)).syncUninterruptibly();
	}

	private static String read(Socket client, String end) throws IOException {
		ByteArrayOutputStream read = new ByteArrayOutputStream();
		while (!read.toString(StandardCharsets.UTF_8).endsWith(end)
				&& !read.toString(StandardCharsets.UTF_8).endsWith(end + "\r\n")) {
			int next = client.getInputStream().read();
			assertThat(next).as("what came before: %s", read).isNotNegative();
			read.write(next);
		}
		return read.toString(StandardCharsets.UTF_8);
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
