package io.github.bootcluster.autoconfigure;

import java.util.function.Predicate;

import io.github.bootcluster.worker.RequestCounts;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;

import org.springframework.http.HttpStatusCode;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpResponse;

/**
 * Counts the requests that were answered, but for those to the management endpoints: a
 * worker is not to be replaced for having been asked often how it does.
 */
class RequestCountingHandler implements HttpHandler {

	private final HttpHandler handler;

	private final RequestCounts counts;

	private final Predicate<ServerHttpRequest> management;

	RequestCountingHandler(HttpHandler handler, RequestCounts counts, Predicate<ServerHttpRequest> management) {
		this.handler = handler;
		this.counts = counts;
		this.management = management;
	}

	@Override
	public Mono<Void> handle(ServerHttpRequest request, ServerHttpResponse response) {
		Mono<Void> handled = this.handler.handle(request, response);
		return this.management.test(request) ? handled : handled.doFinally((signal) -> count(signal, response));
	}

	private void count(SignalType signal, ServerHttpResponse response) {
		if (signal != SignalType.CANCEL) {
			HttpStatusCode status = response.getStatusCode();
			this.counts.answered(signal == SignalType.ON_ERROR || (status != null && status.is5xxServerError()));
		}
	}

}
