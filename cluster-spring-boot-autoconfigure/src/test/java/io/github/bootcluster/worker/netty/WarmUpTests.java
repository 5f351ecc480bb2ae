package io.github.bootcluster.worker.netty;

import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.github.bootcluster.worker.RequestCounts;
import io.github.bootcluster.worker.WarmUp;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.ProxyProtocolSupportType;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on the requests that a worker sends itself, with a real HTTP server that has a
 * master in the same process, which hands nothing over.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class WarmUpTests extends WorkerFixture {

	private final RequestCounts counts = new RequestCounts();

	private final Queue<String> requested = new ConcurrentLinkedQueue<>();

	private HttpServer http;

	@BeforeEach
	void open() {
		this.http = HttpServer.create().host("127.0.0.1").port(0).runOn(resources()).handle((request, response) -> {
			this.requested.add(request.uri());
			this.counts.answered(false);
			return response.status(status(request)).sendString(body(request));
		});
	}

	private static int status(HttpServerRequest request) {
		return request.uri().startsWith("/status/") ? Integer.parseInt(request.uri().substring("/status/".length()))
				: 200;
	}

	private static Flux<String> body(HttpServerRequest request) {
		return request.uri().equals("/endless") ? Flux.interval(Duration.ofMillis(20)).map(String::valueOf)
				: Flux.just("hello");
	}

	@Test
	void eachPathIsRequestedSoOftenFromThisProcessAlone(CapturedOutput output) {
		warmUp(this.http, plan(3, "/a", "/b?c=d"));
		assertThat(this.requested).containsExactly("/a", "/a", "/a", "/b?c=d", "/b?c=d", "/b?c=d");
		assertThat(output).contains("Completed warm-up in ").contains("(successful requests: 6)");
		assertThat(this.connections.open()).isZero();
	}

	@Test
	void requestsToItselfDoNotCount() {
		warmUp(this.http, plan(50, "/"));
		assertThat(this.requested).hasSize(50);
		assertThat(this.counts.requests()).isZero();
		this.counts.answered(true);
		assertThat(this.counts.requests()).isOne();
	}

	@Test
	void nothingIsRequestedWithoutPaths(CapturedOutput output) {
		warmUp(this.http, plan(100));
		assertThat(this.requested).isEmpty();
		assertThat(output).doesNotContain("warm-up");
	}

	@Test
	void pathThatFailsIsAWarningAndIsNotRequestedAgain(CapturedOutput output) {
		warmUp(this.http, plan(5, "/status/503", "/status/302"));
		assertThat(this.requested).containsExactly("/status/503", "/status/302", "/status/302", "/status/302",
				"/status/302", "/status/302");
		assertThat(output).contains("Warm-up request to '/status/503' was answered with status 503")
			.contains("(successful requests: 5)");
	}

	@Test
	void answerThatNeverEndsIsNotWaitedForBeyondTheLimit(CapturedOutput output) {
		warmUp(this.http,
				new WarmUp.Plan(List.of("/endless", "/never-reached"), 5, Duration.ofSeconds(1), null, false));
		assertThat(this.requested).containsExactly("/endless");
		assertThat(output).contains("Warm-up request to '/endless' was not answered in time")
			.containsPattern(
					"Stopped warm-up after \\d+ ms, half of cluster.worker.start-timeout \\(successful requests: 0\\)");
	}

	@Test
	void connectionThatTheServerClosesIsAWarning(CapturedOutput output) {
		HttpServer closing = this.http.doOnConnection((opened) -> opened.channel().close());
		warmUp(closing, plan(2, "/"));
		assertThat(output).contains("Warm-up request to '/' failed: ");
	}

	@Test
	void serverThatExpectsAHeaderOfTheProxyProtocolGetsOne() {
		warmUp(this.http.proxyProtocol(ProxyProtocolSupportType.ON),
				new WarmUp.Plan(List.of("/"), 2, Duration.ofSeconds(30), null, true));
		assertThat(this.requested).containsExactly("/", "/");
	}

	@Test
	void serverWithoutTheMastersConnectionsIsNotReached(CapturedOutput output) {
		HttpServer other = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.handle((request, response) -> response.sendString(Mono.just("hello")));
		warmUp(other, plan(2, "/"));
		assertThat(output).contains(
				"Warm-up request to '/' failed: no TCP server of this worker gets its connections from the master");
	}

	private void warmUp(HttpServer http, WarmUp.Plan plan) {
		DisposableServer server = http.bindNow();
		try {
			new WarmUp(plan, this.connections, server::port, this.counts).run();
		}
		finally {
			server.disposeNow();
		}
	}

	private static WarmUp.Plan plan(int requests, String... paths) {
		return new WarmUp.Plan(List.of(paths), requests, Duration.ofSeconds(30), null, false);
	}

}
