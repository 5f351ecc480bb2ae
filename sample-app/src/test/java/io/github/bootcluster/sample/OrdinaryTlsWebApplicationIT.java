package io.github.bootcluster.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

import io.netty.handler.ssl.SslContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises that a worker is an ordinary web application with TLS from
 * {@code server.ssl.*}.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OrdinaryTlsWebApplicationIT {

	private static TestCertificate certificate;

	private static ClusterProcess process;

	private static HttpClient client;

	@BeforeAll
	static void start() throws Exception {
		certificate = TestCertificate.create(Path.of("target", "it-tls"));
		SSLContext ssl = certificate.clientContext();
		process = ClusterProcess.named("ordinary-tls-web-application")
			.args(certificate.serverArguments())
			.args("--server.http2.enabled=true", "--server.forward-headers-strategy=native", "--cluster.warmup.paths=/",
					"--cluster.warmup.requests=5", "--logging.level.io.github.bootcluster.sample=debug")
			.trusting(ssl)
			.startReady();
		client = HttpClient.newBuilder().sslContext(ssl).build();
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
	}

	@Test
	void http1IsSpokenOverTls() throws Exception {
		Set<Long> pids = new HashSet<>();
		for (int i = 0; i < 2 * process.wantedServers(); i++) {
			try (HttpConnection connection = process.connect()) {
				JsonNode seen = JsonMapper.shared().readTree(connection.get("/request").text());
				assertThat(seen.get("scheme").asString()).isEqualTo("https");
				assertThat(seen.get("protocol").asString()).isEqualTo("HTTP/1.1");
				assertThat(seen.get("remoteAddress").asString()).isEqualTo("127.0.0.1");
				assertThat(seen.get("remotePort").asInt()).isEqualTo(connection.localPort());
				pids.add(connection.get("/").pid().orElseThrow());
			}
		}
		assertThat(pids).isNotEmpty().isSubsetOf(process.processes());
	}

	@Test
	void workerWarmsUpOverTls() throws Exception {
		Assumptions.assumeTrue(process.wantedWorkers() > 0, "not clustered");
		process.awaitLine("Completed warm-up in \\d+ ms \\(successful requests: 5\\)");
		assertThat(process.output().lines()).noneMatch((line) -> line.contains("Warm-up request to"));
	}

	@Test
	void http2IsNegotiatedOverTls() throws Exception {
		HttpRequest request = request("/");
		HttpResponse<String> first = client.send(request, BodyHandlers.ofString());
		assertThat(first.version()).isEqualTo(Version.HTTP_2);
		assertThat(first.sslSession()).isPresent();
		List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
		for (int i = 0; i < 50; i++) {
			answers.add(client.sendAsync(request, BodyHandlers.ofString()));
		}
		for (CompletableFuture<HttpResponse<String>> answer : answers) {
			assertThat(answer.get(10, TimeUnit.SECONDS).body()).isEqualTo(first.body());
		}
	}

	@Test
	void largeAnswerArrivesWholeOverTls() throws Exception {
		HttpResponse<byte[]> answer = client.send(request("/text?size=2MB"), BodyHandlers.ofByteArray());
		assertThat(answer.body()).hasSize(2 * 1024 * 1024);
		assertThat(process.get("/text?size=2MB").body()).isEqualTo(answer.body());
	}

	@Test
	void webSocketEchoesOverTls() throws Exception {
		URI uri = URI.create("wss://localhost:" + process.port() + "/echo");
		try (WebSocketClient socket = new WebSocketClient(uri, certificate.clientContext())) {
			assertThat(socket.echo("hello")).isEqualTo("hello");
		}
	}

	@Test
	void forwardedHeadersAreObeyedByTheServer() throws Exception {
		JsonNode seen = JsonMapper.shared()
			.readTree(process
				.get("/request", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: http",
						"X-Forwarded-Host: shop.example.org")
				.text());
		assertThat(seen.get("remoteAddress").asString()).isEqualTo("192.0.2.7");
		assertThat(seen.get("scheme").asString()).isEqualTo("http");
		assertThat(seen.get("host").asString()).isEqualTo("shop.example.org");
	}

	/**
	 * The JDK's client can't be asked: without the fix of JDK-8335181 it breaks off every
	 * stream when it reads GOAWAY.
	 * @throws Exception if a request fails
	 */
	@Test
	@Order(Integer.MAX_VALUE)
	void termLetsStreamsInFlightFinish() throws Exception {
		SslContext trusting = Http2SslContextSpec.forClient()
			.configure((builder) -> builder.trustManager(certificate.certificate()))
			.sslContext();
		reactor.netty.http.client.HttpClient http2 = reactor.netty.http.client.HttpClient.newConnection()
			.protocol(HttpProtocol.H2)
			.secure((spec) -> spec.sslContext(trusting));
		CompletableFuture<String> slow = http2.get()
			.uri("https://localhost:" + process.port() + "/slow?duration=2345ms")
			.responseSingle((response, content) -> content.asString().map((body) -> response.version() + " " + body))
			.toFuture();
		process.awaitLine("Answering in 2345 ms");
		process.signal("TERM");
		assertThat(slow.get(20, TimeUnit.SECONDS)).startsWith("HTTP/2.0 {\"pid\":");
		assertThat(process.exitCode()).isEqualTo((process.wantedWorkers() == 0) ? 143 : 0);
	}

	private static HttpRequest request(String path) throws InterruptedException {
		return HttpRequest.newBuilder(URI.create("https://localhost:" + process.port() + path))
			.timeout(Duration.ofSeconds(20))
			.build();
	}

}
