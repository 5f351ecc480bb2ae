package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;

import io.github.bootcluster.sample.LoadReport.ConnectionEnd;
import io.netty.channel.Channel;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.junit.jupiter.api.Test;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.http.websocket.WebsocketInbound;
import reactor.netty.http.websocket.WebsocketOutbound;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises of the users of a {@link LoadClient} that speak HTTP/2 and WebSocket: they
 * recognise what a server does to them.
 */
class ProtocolUserTests {

	private static final int COUNT = 12;

	private static final Duration PATIENCE = Duration.ofMillis(1500);

	/**
	 * For servers that never answer.
	 */
	private static final Duration SHORT_PATIENCE = Duration.ofMillis(200);

	private static final String ANSWER = "{\"pid\":42}";

	@Test
	void wholeAnswersOverHttp2AreOk() {
		LoadReport report = http2((request, response) -> response.sendString(Mono.just(ANSWER)));
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.OK, (long) COUNT));
		assertThat(report.answers()).isEqualTo(Map.of(42L, (long) COUNT));
		assertThat(report.connectionEnds()).isEqualTo(Map.of(ConnectionEnd.CLOSED_BY_CLIENT, 1L));
	}

	@Test
	void goAwayEndsTheConnectionAndNoStream() {
		AtomicInteger requests = new AtomicInteger();
		LoadReport report = http2((request, response) -> {
			if (requests.incrementAndGet() == 4) {
				response.withConnection((stream) -> connection(stream.channel()).close());
			}
			return response.sendString(Mono.just(ANSWER).delayElement(Duration.ofMillis(50)));
		});
		assertThat(report.count(Outcome.OK) + report.count(Outcome.DECLINED)).as(report.toString()).isEqualTo(COUNT);
		assertThat(report.count(Outcome.OK)).as(report.toString()).isGreaterThanOrEqualTo(4);
		assertThat(report.connectionEnds())
			.isEqualTo(Map.of(ConnectionEnd.CLOSE_ANNOUNCED, 1L, ConnectionEnd.CLOSED_BY_CLIENT, 1L));
	}

	@Test
	void refusedStreamIsDeclined() {
		LoadReport report = http2((request, response) -> {
			response.withConnection(
					(stream) -> stream.channel().writeAndFlush(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM)));
			return Mono.never();
		});
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.DECLINED, (long) COUNT));
		assertThat(report.lost()).isZero();
	}

	@Test
	void connectionThatBreaksIsALoss() {
		LoadReport report = http2((request, response) -> {
			response.withConnection((stream) -> connection(stream.channel()).unsafe().closeForcibly());
			return Mono.never();
		});
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.CLOSED_BEFORE_RESPONSE, (long) COUNT));
		assertThat(report.connectionEnds()).containsOnlyKeys(ConnectionEnd.FAILED);
	}

	@Test
	void streamThatEndsWithinTheAnswerIsTruncated() {
		LoadReport report = http2((request, response) -> response.sendString(
				Flux.concat(Mono.just(ANSWER.substring(3)), Mono.error(new IllegalStateException("as it should")))));
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.TRUNCATED, (long) COUNT));
	}

	@Test
	void silenceOverHttp2IsHang() {
		LoadReport report = http2((request, response) -> Mono.never(), SHORT_PATIENCE);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.HANG, (long) COUNT));
	}

	@Test
	void closedPortIsRefused() throws Exception {
		try (RefusingPort refusing = new RefusingPort()) {
			for (LoadClient.Builder client : List.of(LoadClient.http2(refusing.port()),
					LoadClient.webSocket(refusing.port()))) {
				LoadReport report = client.threads(1).limit(3).start().awaitEnd();
				assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.CONNECT_REFUSED, 3L));
				assertThat(report.count(ConnectionEnd.NOT_OPENED)).isEqualTo(3);
			}
		}
	}

	@Test
	void echoedMessagesAreOk() {
		LoadReport report = webSocket(Integer.MAX_VALUE, 1000, false);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.OK, (long) COUNT));
		assertThat(report.connectionEnds()).isEqualTo(Map.of(ConnectionEnd.CLOSED_BY_CLIENT, 1L));
	}

	@Test
	void socketThatIsClosedBecauseOfARestartIsReplaced() {
		LoadReport report = webSocket(3, WebSocketClient.SERVICE_RESTART, false);
		assertThat(report.count(Outcome.OK) + report.count(Outcome.STALE_KEEPALIVE)).as(report.toString())
			.isEqualTo(COUNT);
		assertThat(report.count(ConnectionEnd.CLOSE_ANNOUNCED)).as(report.toString()).isPositive();
		assertThat(report.count(ConnectionEnd.FAILED)).as(report.toString()).isZero();
		assertThat(report.lost()).isZero();
	}

	@Test
	void socketThatIsClosedWithAnotherCodeHasFailed() {
		LoadReport report = webSocket(3, 1001, false);
		assertThat(report.count(ConnectionEnd.FAILED)).as(report.toString()).isPositive();
		assertThat(report.count(ConnectionEnd.CLOSE_ANNOUNCED)).as(report.toString()).isZero();
	}

	@Test
	void socketThatBreaksIsALoss() {
		LoadReport report = webSocket(3, 0, false);
		assertThat(report.count(Outcome.TRUNCATED)).as(report.toString()).isPositive();
		assertThat(report.lost()).isPositive();
	}

	@Test
	void silenceOnASocketIsHang() {
		LoadReport report = webSocket(Integer.MAX_VALUE, 0, true);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.HANG, (long) COUNT));
	}

	private static Channel connection(Channel stream) {
		return Objects.requireNonNull(stream.parent());
	}

	private static LoadReport http2(BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler) {
		return http2(handler, PATIENCE);
	}

	private static LoadReport http2(BiFunction<HttpServerRequest, HttpServerResponse, Publisher<Void>> handler,
			Duration patience) {
		DisposableServer server = HttpServer.create()
			.host("localhost")
			.protocol(HttpProtocol.H2C)
			// Else streams are broken off by the end of their connection
			.channelGroup(new DefaultChannelGroup(GlobalEventExecutor.INSTANCE))
			.handle(handler)
			.bindNow();
		return run(server, LoadClient.http2(server.port()).threads(3).timeout(patience));
	}

	/**
	 * Runs a client against a server of WebSockets.
	 * @param messages how many messages the server echoes on a connection
	 * @param code the code with which it closes the connection instead of echoing more, 0
	 * to close it without one
	 * @param silent whether it answers nothing
	 * @return what became of the client's attempts
	 */
	private static LoadReport webSocket(int messages, int code, boolean silent) {
		DisposableServer server = HttpServer.create()
			.host("localhost")
			.route((routes) -> routes.ws("/echo", (in, out) -> {
				if (silent) {
					return in.receive().then();
				}
				AtomicInteger count = new AtomicInteger();
				return out.sendString(in.receive()
					.asString()
					.concatMap((text) -> (count.incrementAndGet() <= messages) ? Mono.just(text) : end(in, out, code)));
			}))
			.bindNow();
		return run(server, LoadClient.webSocket(server.port()).threads(1).timeout(silent ? SHORT_PATIENCE : PATIENCE));
	}

	private static Mono<String> end(WebsocketInbound in, WebsocketOutbound out, int code) {
		if (code != 0) {
			return out.sendClose(code, "as it should").then(Mono.never());
		}
		in.withConnection((connection) -> connection.channel().unsafe().closeForcibly());
		return Mono.never();
	}

	private static LoadReport run(DisposableServer server, LoadClient.Builder client) {
		try {
			LoadReport report = client.limit(COUNT).start().awaitEnd();
			assertThat(report.total()).as(report.toString()).isEqualTo(COUNT);
			return report;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		finally {
			// Not awaited: some streams never end
			server.dispose();
		}
	}

}
