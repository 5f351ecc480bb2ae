package io.github.bootcluster.autoconfigure;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.github.bootcluster.actuate.FakeCluster;
import io.github.bootcluster.autoconfigure.WorkerServer.Answer;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.test.context.assertj.AssertableReactiveWebApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.web.server.WebFilter;
import org.springframework.web.server.WebHandler;
import org.springframework.web.server.adapter.ForwardedHeaderTransformer;
import org.springframework.web.server.adapter.WebHttpHandlerBuilder;

import static io.github.bootcluster.autoconfigure.WorkerServer.WORKER;
import static io.github.bootcluster.autoconfigure.WorkerServer.get;
import static io.github.bootcluster.autoconfigure.WorkerServer.localPort;
import static io.github.bootcluster.autoconfigure.WorkerServer.managementPort;
import static io.github.bootcluster.autoconfigure.WorkerServer.post;
import static io.github.bootcluster.autoconfigure.WorkerServer.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

class LocalAccessTests {

	@Test
	void aRequestForwardedByALocalProxyIsRefusedForAnyClient() {
		WORKER.run((context) -> assertForwardedIsRefused(context, localPort(context)));
	}

	@ParameterizedTest
	@ValueSource(strings = { "framework", "native", "none" })
	void noForwardHeadersStrategyHidesTheProxy(String strategy) {
		WORKER.withPropertyValues("server.forward-headers-strategy=" + strategy).run((context) -> {
			assertThat(context.getBeanNamesForType(ForwardedHeaderTransformer.class))
				.hasSize("framework".equals(strategy) ? 1 : 0);
			assertForwardedIsRefused(context, localPort(context));
			assertThat(get(context, "/actuator/cluster").status()).isEqualTo(200);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "framework", "native" })
	void noForwardHeadersStrategyHidesTheProxyOnAManagementPort(String strategy) {
		WORKER.withPropertyValues("management.server.port=0", "server.forward-headers-strategy=" + strategy)
			.run((context) -> assertForwardedIsRefused(context, managementPort(context)));
	}

	@Test
	void aWebServerThatTrustsAHeaderOfItsOwnIsNotBelieved() {
		WORKER.withBean(NettyServerCustomizer.class, () -> (server) -> server.forwarded((info, request) -> {
			String client = request.headers().get("My-Client");
			return (client != null) ? info.withRemoteAddress(new InetSocketAddress(client, 1)) : info;
		})).run((context) -> {
			assertThat(get(context, "/actuator/cluster", "My-Client", "192.0.2.7").status()).isEqualTo(403);
			String address = ownAddress();
			assumeTrue(address != null, "This machine has no address but loopback");
			String url = "http://" + address + ":" + localPort(context) + "/actuator/cluster";
			assertThat(send(HttpMethod.GET, url, "My-Client", "127.0.0.1", "Host", "localhost").status())
				.isEqualTo(403);
		});
	}

	@Test
	void aProcessOfAnotherAccountIsRefusedAndNamed() throws Exception {
		List<String> become = List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");
		assumeTrue(isRun(become, "true"), "Only root can become another account");
		WORKER.run((context) -> {
			Process other = new ProcessBuilder(Stream.concat(become.stream(), Stream.of("bash", "-c", """
					exec 3<>/dev/tcp/127.0.0.1/%d
					printf 'GET /actuator/cluster HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3
					cat <&3
					""".formatted(localPort(context)))).toList()).redirectErrorStream(true).start();
			String answer = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
			assertThat(answer).contains(" 403 ").contains("uid 65534");
			assertThat(get(context, "/actuator/cluster").status()).isEqualTo(200);
		});
	}

	private static boolean isRun(List<String> launcher, String command) throws InterruptedException {
		try {
			return new ProcessBuilder(Stream.concat(launcher.stream(), Stream.of(command)).toList()).start()
				.waitFor() == 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

	@Test
	void aPeerThatIsNotLoopbackIsRefused() {
		String address = ownAddress();
		assumeTrue(address != null, "This machine has no address but loopback");
		WORKER.run((context) -> {
			Answer answer = send(HttpMethod.GET, "http://" + address + ":" + localPort(context) + "/actuator/cluster",
					"Host", "localhost");
			assertThat(answer.status()).isEqualTo(403);
			assertThat(answer.body()).contains("loopback address");
		});
	}

	@Test
	void aPeerOnAUnixDomainSocketIsRefused(@TempDir Path directory) {
		DomainSocketAddress socket = new DomainSocketAddress(directory.resolve("http").toString());
		WORKER.withBean(NettyServerCustomizer.class, () -> (server) -> server.bindAddress(() -> socket))
			.run((context) -> {
				HttpClient client = HttpClient.newConnection().remoteAddress(() -> socket);
				assertThat(send(client, HttpMethod.GET, "/actuator/cluster", "Host", "localhost").status())
					.isEqualTo(403);
			});
	}

	@Test
	void aHostOfAnotherNameIsRefusedAndTheAnswerSaysWhatToDo() {
		WORKER.run((context) -> {
			Answer answer = get(context, "/actuator/cluster", "Host", "rebound.example.org:8080");
			assertThat(answer.status()).isEqualTo(403);
			assertThat(answer.body()).contains("Host header")
				.contains("management.endpoints.web.exposure.include")
				.contains("management.endpoint.cluster.access")
				.contains("Spring Security");
		});
	}

	@Test
	void anAuthorityOfHttp2CountsAsHost() {
		WORKER.withPropertyValues("server.http2.enabled=true").run((context) -> {
			HttpClient client = HttpClient.newConnection().protocol(HttpProtocol.H2C);
			String url = "http://127.0.0.1:" + localPort(context) + "/actuator/cluster";
			assertThat(send(client, HttpMethod.GET, url).status()).isEqualTo(200);
			assertThat(send(client, HttpMethod.GET, url, "Host", "rebound.example.org").status()).isEqualTo(403);
		});
	}

	@Test
	void aTargetWithAnAuthorityOfItsOwnWinsOverHost() {
		WORKER.run((context) -> {
			assertThat(statusOfTarget(context, "http://evil.example/actuator/cluster")).contains(" 403 ");
			assertThat(statusOfTarget(context, "http://localhost/actuator/cluster")).contains(" 200 ");
			assertThat(statusOfTarget(context, "/actuator/cluster")).contains(" 200 ");
		});
	}

	private static String statusOfTarget(AssertableReactiveWebApplicationContext context, String target)
			throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), localPort(context))) {
			socket.getOutputStream()
				.write("GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n".formatted(target)
					.getBytes(StandardCharsets.US_ASCII));
			return new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII))
				.readLine();
		}
	}

	@ParameterizedTest
	@CsvSource({ "localhost,,/actuator/cluster,200", "evil.example,,/actuator/cluster,403",
			"evil.example,localhost,/actuator/cluster,0", "localhost,,http://evil.example/actuator/cluster,403",
			",localhost,http://evil.example/actuator/cluster,403", ",evil.example,/actuator/cluster,403" })
	void anAuthorityOfHttp2WinsOverHost(@Nullable String authority, @Nullable String host, String path, int status) {
		WORKER.withPropertyValues("server.http2.enabled=true").run((context) -> {
			DefaultHttp2Headers headers = new DefaultHttp2Headers();
			headers.method("GET").scheme("http").path(path);
			if (authority != null) {
				headers.authority(authority);
			}
			if (host != null) {
				headers.set("host", host);
			}
			assertThat(Http2Request.send(localPort(context), headers)).isEqualTo(status);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void anUpgradeToHttp2DoesNotHideTheAuthorityOfTheTarget(boolean managementPort) {
		WORKER
			.withPropertyValues("server.http2.enabled=true", "management.server.http2.enabled=true",
					managementPort ? "management.server.port=0" : "")
			.run((context) -> {
				int port = managementPort ? managementPort(context) : localPort(context);
				assertThat(answerToUpgrade(port, "/actuator/cluster")).contains("HTTP/1.1 101 ").contains("pid");
				assertThat(answerToUpgrade(port, "http://evil.example/actuator/cluster")).contains("HTTP/1.1 403 ")
					.contains("target");
			});
	}

	@Test
	void anUpgradeToHttp2GoesOnWorking() {
		WORKER.withPropertyValues("server.http2.enabled=true").run((context) -> {
			HttpRequest request = HttpRequest
				.newBuilder(URI.create("http://127.0.0.1:%d/actuator/cluster".formatted(localPort(context))))
				.timeout(Duration.ofSeconds(30))
				.build();
			HttpResponse<String> response = java.net.http.HttpClient.newHttpClient()
				.send(request, HttpResponse.BodyHandlers.ofString());
			assertThat(response.version()).isEqualTo(java.net.http.HttpClient.Version.HTTP_2);
			assertThat(response.statusCode()).isEqualTo(200);
		});
	}

	/**
	 * Asks for an upgrade to HTTP/2 and reads until the answer's body, in whichever
	 * version of HTTP it comes.
	 * @param port the port
	 * @param target the target of the request
	 * @return the bytes as characters
	 */
	private static String answerToUpgrade(int port, String target) throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
			socket.getOutputStream()
				.write(("GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade, HTTP2-Settings\r\n"
						+ "Upgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n")
					.formatted(target)
					.getBytes(StandardCharsets.US_ASCII));
			socket.setSoTimeout(20_000);
			InputStream answers = socket.getInputStream();
			StringBuilder answer = new StringBuilder();
			boolean upgraded = false;
			while (answer.indexOf("}") < 0) {
				int read = answers.read();
				if (read < 0) {
					break;
				}
				answer.append((char) read);
				// What a client sends before the server has upgraded is HTTP/1.1 to it
				if (!upgraded && answer.indexOf("\r\n\r\n") > 0 && answer.indexOf("HTTP/1.1 101 ") == 0) {
					upgraded = true;
					socket.getOutputStream()
						.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
					// Empty settings
					socket.getOutputStream().write(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0 });
				}
			}
			return answer.toString();
		}
	}

	@Test
	void aForeignPageIsRefusedAndALocalOneIsNot() {
		WORKER.run((context) -> {
			FakeCluster cluster = context.getBean(FakeCluster.class);
			assertThat(post(context, "/actuator/cluster/restart", "Origin", "https://example.org").status())
				.isEqualTo(403);
			assertThat(post(context, "/actuator/cluster/restart", "Origin", "null").status()).isEqualTo(403);
			assertThat(cluster.restarts()).isZero();
			String sameOrigin = "http://127.0.0.1:" + localPort(context);
			assertThat(post(context, "/actuator/cluster/restart", "Origin", sameOrigin).status()).isEqualTo(202);
			assertThat(cluster.restarts()).isOne();
		});
	}

	@ParameterizedTest
	@CsvSource({ "GET,/actuator/cluster", "GET,/actuator/cluster/3", "GET,/actuator/cluster/99",
			"GET,/actuator/cluster/x", "POST,/actuator/cluster/restart", "POST,/actuator/cluster/shutdown",
			"POST,/actuator/cluster/foo", "HEAD,/actuator/cluster", "GET,/actuator/%63luster",
			"GET,/actuator/cluster;a=b" })
	void everyOperationIsGuardedHoweverItsPathIsWritten(String method, String path) {
		WORKER.run((context) -> {
			Answer answer = send(HttpMethod.valueOf(method), "http://127.0.0.1:" + localPort(context) + path,
					"X-Forwarded-For", "192.0.2.7");
			assertThat(answer.status()).isEqualTo(403);
			assertThat(context.getBean(FakeCluster.class).restarts()).isZero();
			assertThat(context.getBean(FakeCluster.class).shutdowns()).isZero();
		});
	}

	@ParameterizedTest
	@CsvSource({ "management.endpoints.web.base-path=/manage,/manage/cluster",
			"management.endpoints.web.base-path=/,/cluster",
			"management.endpoints.web.path-mapping.cluster=workers,/actuator/workers",
			"spring.webflux.base-path=/app,/app/actuator/cluster" })
	void theGuardFollowsTheEndpointToAnotherPath(String property, String path) {
		WORKER.withPropertyValues(property).run((context) -> {
			assertThat(get(context, path).status()).isEqualTo(200);
			assertThat(get(context, path, "X-Forwarded-For", "127.0.0.1").status()).isEqualTo(403);
		});
	}

	@Test
	void aFilterThatRewritesPathsLeadsNobodyAroundTheGuard() {
		WebFilter rewriting = (exchange, chain) -> {
			ServerHttpRequest rewritten = exchange.getRequest().mutate().path("/actuator/cluster").build();
			return chain.filter(exchange.mutate().request(rewritten).build());
		};
		WORKER.withBean("rewriting", WebFilter.class, () -> rewriting).run((context) -> {
			assertThat(get(context, "/anything").status()).isEqualTo(200);
			assertThat(get(context, "/anything", "Via", "1.1 proxy").status()).isEqualTo(403);
		});
	}

	@Test
	void aManagementPortOfItsOwnIsGuarded() {
		WORKER.withPropertyValues("management.server.port=0", "management.server.base-path=/admin").run((context) -> {
			String url = "http://127.0.0.1:" + managementPort(context) + "/admin/actuator/cluster";
			assertThat(managementPort(context)).isNotEqualTo(localPort(context));
			assertThat(get(context, "/actuator/cluster").status()).isEqualTo(404);
			assertThat(send(HttpMethod.GET, url).status()).isEqualTo(200);
			assertThat(send(HttpMethod.POST, url + "/restart").status()).isEqualTo(202);
			assertThat(send(HttpMethod.GET, url, "Host", "example.org").status()).isEqualTo(403);
			assertThat(send(HttpMethod.POST, url + "/restart", "Via", "1.1 x").status()).isEqualTo(403);
		});

	}

	@Test
	void whatActuatorCachesForTheMachineItselfIsNotAnsweredToAStranger() {
		WORKER.withPropertyValues("management.endpoint.cluster.cache.time-to-live=1m").run((context) -> {
			String[] stranger = { "X-Forwarded-For", "192.0.2.7" };
			assertThat(get(context, "/actuator/cluster", stranger).status()).isEqualTo(403);
			assertThat(get(context, "/actuator/cluster").status()).isEqualTo(200);
			assertThat(get(context, "/actuator/cluster", stranger).status()).isEqualTo(403);
		});
	}

	@Test
	void whereTheRequestWasNotSeenAsTheServerReceivedItNobodyIsLocal() {
		WORKER.withUserConfiguration(OwnHandler.class).run((context) -> {
			Answer answer = get(context, "/actuator/cluster");
			assertThat(answer.status()).isEqualTo(403);
			assertThat(answer.body()).contains("nobody knows");
		});
	}

	private void assertForwardedIsRefused(AssertableReactiveWebApplicationContext context, int port) {
		String url = "http://127.0.0.1:" + port + "/actuator/cluster";
		assertThat(send(HttpMethod.GET, url, "X-Forwarded-For", "192.0.2.7").status()).isEqualTo(403);
		assertThat(send(HttpMethod.GET, url, "X-Forwarded-For", "127.0.0.1").status()).isEqualTo(403);
		assertThat(send(HttpMethod.GET, url, "X-Forwarded-Proto", "https").status()).isEqualTo(403);
		assertThat(send(HttpMethod.GET, url, "Forwarded", "for=127.0.0.1;host=localhost").status()).isEqualTo(403);
		assertThat(send(HttpMethod.GET, url, "X-Real-IP", "127.0.0.1").status()).isEqualTo(403);
		assertThat(send(HttpMethod.POST, url + "/restart", "Host", "example.org", "X-Forwarded-Host", "localhost")
			.status()).isEqualTo(403);
		assertThat(context.getBean(FakeCluster.class).restarts()).isZero();
	}

	private static @Nullable String ownAddress() {
		try {
			return NetworkInterface.networkInterfaces()
				.flatMap(NetworkInterface::inetAddresses)
				.filter((address) -> address instanceof Inet4Address && !address.isLoopbackAddress())
				.map((address) -> address.getHostAddress())
				.findFirst()
				.orElse(null);
		}
		catch (SocketException ex) {
			return null;
		}
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnHandler {

		@Bean
		HttpHandler httpHandler(@Qualifier("webHandler") WebHandler handler) {
			return WebHttpHandlerBuilder.webHandler(handler).build();
		}

	}

}
