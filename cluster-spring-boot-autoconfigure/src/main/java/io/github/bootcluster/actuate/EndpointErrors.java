package io.github.bootcluster.actuate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.codec.HttpMessageWriter;
import org.springframework.web.reactive.function.server.HandlerStrategies;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.result.view.ViewResolver;
import org.springframework.web.server.MethodNotAllowedException;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import org.springframework.web.server.ServerWebInputException;
import org.springframework.web.server.WebExceptionHandler;

/**
 * Says what is wrong with a request to {@link ClusterEndpoint} that Spring refuses before
 * the endpoint sees it, in the form of the endpoint's own answers. Ordered before Spring
 * Boot's handler, which tells the status alone.
 */
public final class EndpointErrors implements WebExceptionHandler, Ordered {

	/**
	 * Spring Boot's has -1.
	 */
	private static final int BEFORE_BOOT = -2;

	private static final EndpointId ENDPOINT_ID = EndpointId.of(ClusterEndpoint.ID);

	private static final String BODY = "allowed is a JSON object such as {\"workers\": 6}"
			+ " with the content type application/json";

	private static final ServerResponse.Context CONTEXT = new ServerResponse.Context() {

		private final HandlerStrategies strategies = HandlerStrategies.withDefaults();

		@Override
		public List<HttpMessageWriter<?>> messageWriters() {
			return this.strategies.messageWriters();
		}

		@Override
		public List<ViewResolver> viewResolvers() {
			return List.of();
		}

	};

	private final Supplier<@Nullable PathMappedEndpoints> endpoints;

	/**
	 * Creates the handler.
	 * @param endpoints tells where the endpoint is
	 */
	public EndpointErrors(Supplier<@Nullable PathMappedEndpoints> endpoints) {
		this.endpoints = endpoints;
	}

	@Override
	public int getOrder() {
		return BEFORE_BOOT;
	}

	@Override
	public Mono<Void> handle(ServerWebExchange exchange, Throwable failure) {
		String sentence = sentence(exchange, failure);
		if (sentence == null || exchange.getResponse().isCommitted() || !isOfTheEndpoint(exchange)) {
			return Mono.error(failure);
		}
		ResponseStatusException refusal = (ResponseStatusException) failure;
		HttpStatus status = HttpStatus.valueOf(refusal.getStatusCode().value());
		Map<String, Object> body = new LinkedHashMap<>();
		body.put("status", status.value());
		body.put("error", status.getReasonPhrase());
		body.put("message", sentence);
		return ServerResponse.status(status)
			.headers((headers) -> headers.addAll(refusal.getHeaders()))
			.contentType(MediaType.APPLICATION_JSON)
			.bodyValue(body)
			.flatMap((response) -> response.writeTo(exchange, CONTEXT));
	}

	private static @Nullable String sentence(ServerWebExchange exchange, Throwable failure) {
		if (failure instanceof ResponseStatusException refused
				&& refused.getStatusCode().isSameCodeAs(HttpStatus.UNSUPPORTED_MEDIA_TYPE)) {
			String type = exchange.getRequest().getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
			return "The body has %s, %s".formatted(
					(type != null) ? "the content type " + OperationArguments.echo(type) : "no content type", BODY);
		}
		if (failure instanceof ServerWebInputException) {
			return "The body cannot be read, " + BODY;
		}
		if (failure instanceof MethodNotAllowedException refused) {
			return "%s is not allowed here, only %s".formatted(OperationArguments.echo(refused.getHttpMethod()),
					refused.getSupportedMethods().stream().map(HttpMethod::name).collect(Collectors.joining(", ")));
		}
		return null;
	}

	private boolean isOfTheEndpoint(ServerWebExchange exchange) {
		PathMappedEndpoints known = this.endpoints.get();
		String root = (known != null) ? known.getPath(ENDPOINT_ID) : null;
		String path = exchange.getRequest().getPath().pathWithinApplication().value();
		return root != null && (path.equals(root) || path.startsWith(root + "/"));
	}

}
