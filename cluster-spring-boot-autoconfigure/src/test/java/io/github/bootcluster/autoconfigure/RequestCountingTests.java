package io.github.bootcluster.autoconfigure;

import java.net.InetSocketAddress;

import io.github.bootcluster.worker.RequestCounts;
import io.netty.handler.codec.http.HttpMethod;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.mock.env.MockEnvironment;
import org.springframework.mock.http.server.reactive.MockServerHttpRequest;
import org.springframework.mock.http.server.reactive.MockServerHttpResponse;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on which requests of a worker count.
 */
class RequestCountingTests {

	private final MockEnvironment environment = new MockEnvironment();

	private final RequestCounts counts = new RequestCounts();

	@Test
	void requestCountsOnceItIsAnswered() {
		handle("/", HttpStatus.OK);
		handle("/missing", HttpStatus.NOT_FOUND);
		assertThat(this.counts.requests()).isEqualTo(2);
		assertThat(this.counts.errors()).isZero();
	}

	@Test
	void statusFiveHundredAndAboveIsAnError() {
		handle("/", HttpStatus.SERVICE_UNAVAILABLE);
		assertThat(this.counts.requests()).isOne();
		assertThat(this.counts.errors()).isOne();
	}

	@Test
	void failureThatNobodyHandlesIsAnError() {
		handler((request, response) -> Mono.error(new IllegalStateException())).handle(get("/"), response())
			.onErrorComplete()
			.block();
		assertThat(this.counts.errors()).isOne();
	}

	@Test
	void requestThatIsNotAnsweredDoesNotCount() {
		Disposable running = handler((request, response) -> Mono.never()).handle(get("/"), response()).subscribe();
		assertThat(this.counts.requests()).isZero();
		running.dispose();
		assertThat(this.counts.requests()).isZero();
	}

	@ParameterizedTest
	@CsvSource({ "/actuator,0", "/actuator/health,0", "/actuator/cluster/restart,0", "/actuators,1", "/x/actuator,1",
			"/,1" })
	void requestsBelowTheManagementPathDoNotCount(String path, long counted) {
		handle(path, HttpStatus.OK);
		assertThat(this.counts.requests()).isEqualTo(counted);
	}

	@ParameterizedTest
	@CsvSource({ "/app/manage/health,0", "/manage/health,1", "/app/manager,1" })
	void managementPathMayBeConfigured(String path, long counted) {
		this.environment.setProperty("spring.webflux.base-path", "/app");
		this.environment.setProperty("management.endpoints.web.base-path", "/manage");
		handle(path, HttpStatus.OK);
		assertThat(this.counts.requests()).isEqualTo(counted);
	}

	@Test
	void endpointsAtTheRootCannotBeTold() {
		this.environment.setProperty("management.endpoints.web.base-path", "/");
		handle("/health", HttpStatus.OK);
		assertThat(this.counts.requests()).isOne();
	}

	@ParameterizedTest
	@CsvSource({ "8081,0", "8080,1" })
	void requestsAtAManagementPortOfItsOwnDoNotCount(int port, long counted) {
		this.environment.setProperty("management.server.port", "0");
		this.environment.setProperty("server.port", "0");
		HttpHandler handler = handler((request, response) -> Mono.empty());
		this.environment.setProperty("local.management.port", "8081");
		handler
			.handle(MockServerHttpRequest.get("/actuator").localAddress(new InetSocketAddress(port)).build(),
					response())
			.block();
		assertThat(this.counts.requests()).isEqualTo(counted);
	}

	@Test
	void managementPortThatIsTheApplicationsMakesNoDifference() {
		this.environment.setProperty("management.server.port", "8080");
		handle("/actuator/health", HttpStatus.OK);
		handle("/", HttpStatus.OK);
		assertThat(this.counts.requests()).isOne();
	}

	@Test
	void serverOfAManagementPortOfItsOwnIsTold() {
		WorkerServer.WORKER
			.withInitializer((context) -> context.getBeanFactory()
				.registerSingleton("counting",
						(HttpHandlerDecoratorFactory) (handler) -> new RequestCountingHandler(handler, this.counts,
								ManagementRequests.of(context.getEnvironment()))))
			.withPropertyValues("management.server.port=0")
			.run((context) -> {
				String management = "http://127.0.0.1:" + WorkerServer.managementPort(context);
				assertThat(WorkerServer.send(HttpMethod.GET, management + "/actuator/cluster").status()).isEqualTo(200);
				assertThat(this.counts.requests()).isZero();
				assertThat(WorkerServer.get(context, "/actuator/cluster").status()).isEqualTo(404);
				// The client may have the answer before the server has done with it
				Awaitility.await().untilAsserted(() -> assertThat(this.counts.requests()).isOne());
			});
	}

	private void handle(String path, HttpStatus status) {
		handler((request, response) -> {
			response.setStatusCode(status);
			return response.setComplete();
		}).handle(get(path), response()).block();
	}

	private HttpHandler handler(HttpHandler handler) {
		return new RequestCountingHandler(handler, this.counts, ManagementRequests.of(this.environment));
	}

	private static MockServerHttpRequest get(String path) {
		return MockServerHttpRequest.get(path).build();
	}

	private static MockServerHttpResponse response() {
		return new MockServerHttpResponse();
	}

}
