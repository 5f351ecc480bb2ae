package io.github.bootcluster.autoconfigure;

import java.time.Duration;
import java.util.Map;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.actuate.ClusterExposure;
import io.github.bootcluster.actuate.FakeCluster;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.ByteBufMono;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientResponse;

import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.web.WebEndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.web.server.ManagementContextAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.http.codec.autoconfigure.CodecsAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.NettyReactiveWebServerAutoConfiguration;
import org.springframework.boot.reactor.netty.autoconfigure.actuate.web.server.NettyReactiveManagementContextAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableReactiveWebApplicationContext;
import org.springframework.boot.test.context.runner.ReactiveWebApplicationContextRunner;
import org.springframework.boot.web.server.context.ServerPortInfoApplicationContextInitializer;
import org.springframework.boot.web.server.reactive.context.AnnotationConfigReactiveWebServerApplicationContext;
import org.springframework.boot.webflux.autoconfigure.HttpHandlerAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.WebFluxAutoConfiguration;
import org.springframework.boot.webflux.autoconfigure.error.ErrorWebFluxAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.http.client.ReactorResourceFactory;

/**
 * A worker's web server with the endpoints of Actuator, and a client for it.
 */
final class WorkerServer {

	static final ReactiveWebApplicationContextRunner STANDALONE = new ReactiveWebApplicationContextRunner(
			AnnotationConfigReactiveWebServerApplicationContext::new)
		.withConfiguration(AutoConfigurations.of(CodecsAutoConfiguration.class, JacksonAutoConfiguration.class,
				NettyReactiveWebServerAutoConfiguration.class, HttpHandlerAutoConfiguration.class,
				WebFluxAutoConfiguration.class, ErrorWebFluxAutoConfiguration.class, EndpointAutoConfiguration.class,
				JacksonEndpointAutoConfiguration.class, WebEndpointAutoConfiguration.class,
				ManagementContextAutoConfiguration.class, NettyReactiveManagementContextAutoConfiguration.class,
				ClusterEndpointAutoConfiguration.class))
		.withInitializer(new ServerPortInfoApplicationContextInitializer())
		.withInitializer((context) -> context.getEnvironment().setConversionService(new ApplicationConversionService()))
		.withBean(FakeCluster.class)
		.withBean(ReactorResourceFactory.class, WorkerServer::withoutQuietPeriod)
		.withPropertyValues("server.port=0");

	static final ReactiveWebApplicationContextRunner WORKER = STANDALONE.withInitializer(WorkerServer::becomeWorker);

	private WorkerServer() {
	}

	private static ReactorResourceFactory withoutQuietPeriod() {
		ReactorResourceFactory resources = new ReactorResourceFactory();
		resources.setUseGlobalResources(false);
		resources.setShutdownQuietPeriod(Duration.ZERO);
		return resources;
	}

	private static void becomeWorker(ConfigurableApplicationContext context) {
		context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource(ClusterRole.PROPERTY_SOURCE_NAME,
					Map.of(ClusterRole.PROPERTY_NAME, ClusterRole.WORKER)));
		ClusterExposure.addDefault(context.getEnvironment());
	}

	static Answer get(AssertableReactiveWebApplicationContext context, String path, String... headers) {
		return send(HttpMethod.GET, "http://127.0.0.1:" + localPort(context) + path, headers);
	}

	static Answer post(AssertableReactiveWebApplicationContext context, String path, String... headers) {
		return send(HttpMethod.POST, "http://127.0.0.1:" + localPort(context) + path, headers);
	}

	static Answer postBody(AssertableReactiveWebApplicationContext context, String path, @Nullable String contentType,
			@Nullable String body) {
		return HttpClient.newConnection().headers((all) -> {
			if (contentType != null) {
				all.set("Content-Type", contentType);
			}
		})
			.post()
			.uri("http://127.0.0.1:" + localPort(context) + path)
			.send(ByteBufFlux.fromString(Mono.justOrEmpty(body)))
			.responseSingle(Answer::of)
			.blockOptional(Duration.ofSeconds(60))
			.orElseThrow();
	}

	static Answer send(HttpMethod method, String url, String... headers) {
		return send(HttpClient.newConnection(), method, url, headers);
	}

	static Answer send(HttpClient client, HttpMethod method, String url, String... headers) {
		return client.headers((all) -> {
			for (int i = 0; i < headers.length; i += 2) {
				all.set(headers[i], headers[i + 1]);
			}
		}).request(method).uri(url).responseSingle(Answer::of).blockOptional(Duration.ofSeconds(10)).orElseThrow();
	}

	static int localPort(AssertableReactiveWebApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
	}

	static int managementPort(AssertableReactiveWebApplicationContext context) {
		return context.getEnvironment().getRequiredProperty("local.management.port", Integer.class);
	}

	record Answer(int status, String body) {

		static Mono<Answer> of(HttpClientResponse response, ByteBufMono body) {
			return body.asString().defaultIfEmpty("").map((text) -> new Answer(response.status().code(), text));
		}

	}

}
