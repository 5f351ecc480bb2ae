package io.github.bootcluster.sample;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.InputStreamReader;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import reactor.netty.http.HttpProtocol;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises that a worker is an ordinary web application without TLS: whatever holds for
 * the application alone holds for it as a cluster.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OrdinaryWebApplicationIT {

	private static final int KEEP_ALIVE_REQUESTS = 50;

	private static final Duration IDLE_TIMEOUT = Duration.ofSeconds(2);

	private static ClusterProcess process;

	private static HttpClient client;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("ordinary-web-application")
			.jvmArgs("-Dreactor.netty.http.server.accessLogEnabled=true")
			.args("--server.compression.enabled=true", "--server.http2.enabled=true",
					"--server.forward-headers-strategy=framework", "--server.shutdown=graceful",
					"--server.netty.idle-timeout=" + IDLE_TIMEOUT.toSeconds() + "s",
					"--server.netty.max-keep-alive-requests=" + KEEP_ALIVE_REQUESTS,
					"--server.netty.max-initial-line-length=1KB", "--logging.level.io.github.bootcluster.sample=debug")
			.startReady();
		client = HttpClient.newHttpClient();
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
	}

	@Test
	void everyWorkerAnswersAndKnowsItsPlace() throws Exception {
		Set<Integer> slots = new HashSet<>();
		Set<Long> pids = new HashSet<>();
		process.await("all workers", () -> {
			JsonNode answer = json(process.get("/").text());
			pids.add(answer.get("pid").asLong());
			assertThat(answer.get("worker").isNull()).isEqualTo(process.wantedWorkers() == 0);
			assertThat(answer.get("generation").isNull()).isEqualTo(process.wantedWorkers() == 0);
			if (answer.get("slot").isInt()) {
				slots.add(answer.get("slot").asInt());
			}
			return pids.size() == process.wantedServers();
		});
		assertThat(slots)
			.isEqualTo(IntStream.rangeClosed(1, process.wantedWorkers()).boxed().collect(Collectors.toSet()));
	}

	@Test
	void connectionIsKeptAliveAsOftenAsConfigured() throws Exception {
		Set<Long> pids = new HashSet<>();
		try (HttpConnection connection = process.connect()) {
			for (int i = 1; i <= KEEP_ALIVE_REQUESTS; i++) {
				HttpAnswer answer = connection.get("/");
				assertThat(answer.status()).isEqualTo(200);
				assertThat(answer.announcesClose()).as("answer " + i).isEqualTo(i == KEEP_ALIVE_REQUESTS);
				pids.add(answer.pid().orElseThrow());
			}
			assertThat(connection.awaitClose(Duration.ofSeconds(10))).isTrue();
		}
		assertThat(pids).hasSize(1);
	}

	@Test
	void idleConnectionIsClosedInOrderAfterTheIdleTimeout() throws Exception {
		try (HttpConnection connection = process.connect()) {
			assertThat(connection.get("/").status()).isEqualTo(200);
			long start = System.nanoTime();
			assertThat(connection.awaitClose(IDLE_TIMEOUT.multipliedBy(10))).isTrue();
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(IDLE_TIMEOUT.dividedBy(2));
		}
	}

	@Test
	void requestLineIsLimitedAsConfigured() throws Exception {
		assertThat(process.get("/request?" + "x".repeat(900)).status()).isEqualTo(200);
		assertThat(process.get("/request?" + "x".repeat(1100)).status()).isEqualTo(414);
	}

	@Test
	void http2IsSpokenAfterAnUpgrade() throws Exception {
		HttpClient fresh = HttpClient.newBuilder().version(Version.HTTP_2).build();
		assertManyStreamsReachOneProcess(fresh);
	}

	@Test
	void http2IsSpokenWithPriorKnowledge() throws Exception {
		String body = reactor.netty.http.client.HttpClient.newConnection()
			.protocol(HttpProtocol.H2C)
			.get()
			.uri(uri("/request"))
			.responseSingle((response, content) -> {
				assertThat(response.version().majorVersion()).isEqualTo(2);
				return content.asString();
			})
			.block(Duration.ofSeconds(10));
		assertThat(body).contains("\"protocol\":\"HTTP/2.0\"");
	}

	private void assertManyStreamsReachOneProcess(HttpClient fresh) throws Exception {
		HttpRequest request = HttpRequest.newBuilder(uri("/")).timeout(Duration.ofSeconds(10)).build();
		HttpResponse<String> first = fresh.send(request, BodyHandlers.ofString());
		assertThat(first.version()).isEqualTo(Version.HTTP_2);
		List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
		for (int i = 0; i < KEEP_ALIVE_REQUESTS / 2; i++) {
			answers.add(fresh.sendAsync(request, BodyHandlers.ofString()));
		}
		for (CompletableFuture<HttpResponse<String>> answer : answers) {
			assertThat(answer.get(10, TimeUnit.SECONDS).version()).isEqualTo(Version.HTTP_2);
			assertThat(answer.join().body()).isEqualTo(first.body());
		}
	}

	@Test
	void textIsCompressedForThoseWhoAcceptIt() throws Exception {
		HttpAnswer plain = process.get("/text?size=64KB");
		assertThat(plain.header("Content-Encoding")).isEmpty();
		assertThat(plain.body()).hasSize(64 * 1024);
		HttpAnswer compressed = process.get("/text?size=64KB", "Accept-Encoding: gzip");
		assertThat(compressed.header("Content-Encoding")).isEqualTo("gzip");
		assertThat(compressed.body()).hasSizeLessThan(8 * 1024);
		try (GZIPInputStream content = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
			assertThat(content.readAllBytes()).isEqualTo(plain.body());
		}
		HttpAnswer small = process.get("/text?size=1KB", "Accept-Encoding: gzip");
		assertThat(small.header("Content-Encoding")).isEmpty();
	}

	@Test
	void accessLogIsWritten() throws Exception {
		process.get("/request?access-log");
		process.awaitLine("127\\.0\\.0\\.1 .*\"GET /request\\?access-log HTTP/1\\.1\" 200 ");
	}

	@Test
	void webSocketEchoes() throws Exception {
		URI uri = URI.create("ws://localhost:" + process.port() + "/echo");
		try (WebSocketClient one = new WebSocketClient(uri, null);
				WebSocketClient other = new WebSocketClient(uri, null)) {
			for (int i = 0; i < 10; i++) {
				assertThat(one.echo("one " + i)).isEqualTo("one " + i);
				assertThat(other.echo("other " + i)).isEqualTo("other " + i);
			}
			String large = "0123456789".repeat(3_000);
			assertThat(one.echo(large)).isEqualTo(large);
		}
	}

	@Test
	void eventsArriveAsTheyHappen() throws Exception {
		HttpRequest endless = HttpRequest.newBuilder(uri("/events?interval=50ms"))
			.version(Version.HTTP_1_1)
			.timeout(Duration.ofSeconds(10))
			.build();
		List<String> ids = new ArrayList<>();
		try (BufferedReader lines = new BufferedReader(
				new InputStreamReader(client.send(endless, BodyHandlers.ofInputStream()).body()))) {
			while (ids.size() < 5) {
				String line = lines.readLine();
				assertThat(line).isNotNull();
				if (line.startsWith("id:")) {
					ids.add(line.substring(3));
				}
			}
		}
		assertThat(ids).containsExactly("0", "1", "2", "3", "4");
		HttpAnswer whole = process.get("/events?interval=20ms&count=3");
		assertThat(whole.header("Content-Type")).startsWith("text/event-stream");
		assertThat(whole.text().lines().filter((line) -> line.startsWith("id:"))).hasSize(3);
	}

	@Test
	void peerIsTheClient() throws Exception {
		assertPeer(InetAddress.getByName("127.0.0.1"));
	}

	@Test
	void peerIsTheClientOverIpv6() throws Exception {
		InetAddress address = InetAddress.getByName("::1");
		Assumptions.assumeTrue(address instanceof Inet6Address && address.isReachable(1000), "no IPv6 here");
		assertPeer(address);
	}

	private void assertPeer(InetAddress address) throws Exception {
		for (int i = 0; i < 2 * process.wantedServers(); i++) {
			try (HttpConnection connection = process.connect(address)) {
				JsonNode seen = json(connection.get("/request").text());
				assertThat(InetAddress.getByName(seen.get("remoteAddress").asString())).isEqualTo(address);
				assertThat(seen.get("remotePort").asInt()).isEqualTo(connection.localPort());
				assertThat(seen.get("scheme").asString()).isEqualTo("http");
				assertThat(seen.get("protocol").asString()).isEqualTo("HTTP/1.1");
			}
		}
	}

	@Test
	void forwardedHeadersAreObeyedByTheFramework() throws Exception {
		JsonNode seen = json(process
			.get("/request", "X-Forwarded-For: 192.0.2.7", "X-Forwarded-Proto: https",
					"X-Forwarded-Host: shop.example.org")
			.text());
		assertThat(seen.get("remoteAddress").asString()).isEqualTo("192.0.2.7");
		assertThat(seen.get("scheme").asString()).isEqualTo("https");
		assertThat(seen.get("host").asString()).isEqualTo("shop.example.org");
	}

	@Test
	void loadIsAnsweredWholeAndSpreadOverAllWorkers() throws Exception {
		LoadReport fresh = LoadClient.newConnections(process.port()).limit(500).start().awaitEnd();
		assertThat(fresh.count(Outcome.OK)).as(fresh.toString()).isEqualTo(500);
		assertThat(fresh.pids()).hasSize(process.wantedServers());
		LoadReport kept = LoadClient.keepAlive(process.port()).limit(1000).start().awaitEnd();
		assertThat(kept.count(Outcome.OK)).as(kept.toString()).isEqualTo(1000);
		assertThat(kept.connections()).isGreaterThanOrEqualTo(1000 / KEEP_ALIVE_REQUESTS);
	}

	@Test
	@Order(Integer.MAX_VALUE)
	void termLetsRequestsInFlightFinish() throws Exception {
		List<CompletableFuture<HttpAnswer>> slow = new ArrayList<>();
		for (int i = 0; i < 2 * process.wantedServers(); i++) {
			HttpConnection connection = process.connect();
			slow.add(CompletableFuture.supplyAsync(() -> {
				try (connection) {
					return connection.get("/slow?duration=3456ms");
				}
				catch (ExchangeFailedException ex) {
					throw new IllegalStateException(ex);
				}
			}, (task) -> new Thread(task, "slow").start()));
		}
		process.await("all slow requests in flight",
				() -> process.output().linesMatching("Answering in 3456 ms").size() == slow.size());
		process.signal("TERM");
		for (CompletableFuture<HttpAnswer> answer : slow) {
			assertThat(answer.get(20, TimeUnit.SECONDS).status()).isEqualTo(200);
		}
		assertThat(process.exitCode()).isEqualTo((process.wantedWorkers() == 0) ? 143 : 0);
	}

	private static URI uri(String path) throws InterruptedException {
		return URI.create("http://localhost:" + process.port() + path);
	}

	private static JsonNode json(String text) {
		return JsonMapper.shared().readTree(text.getBytes(StandardCharsets.UTF_8));
	}

}
