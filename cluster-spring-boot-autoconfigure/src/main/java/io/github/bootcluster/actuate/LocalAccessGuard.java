package io.github.bootcluster.actuate;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.reactive.HttpHandler;
import org.springframework.http.server.reactive.ServerHttpRequest;

/**
 * Keeps everyone but the machine itself from the operations of {@link ClusterEndpoint}.
 * <p>
 * The guard stands around the operations rather than before a path, so that no base path,
 * mapping, encoding or rewriting leads around it. What it judges is the request as the
 * web server received it, before {@code server.forward-headers-strategy} changed it; that
 * travels in the Reactor context. An operation that is reached without is refused. A
 * request that has passed Spring Security is its business.
 */
public final class LocalAccessGuard implements OperationInvokerAdvisor {

	private static final EndpointId ENDPOINT_ID = EndpointId.of(ClusterEndpoint.ID);

	private static final Object RECEIVED = LocalAccessGuard.class;

	private final TrustedAccounts accounts;

	/**
	 * Creates a guard.
	 * @param accounts the accounts whose processes are the machine itself
	 */
	public LocalAccessGuard(TrustedAccounts accounts) {
		this.accounts = accounts;
	}

	/**
	 * Decorates the handler of all requests so that an operation can be told what the web
	 * server received. To be applied outside all other decorators.
	 * @param handler the handler
	 * @return the decorated handler
	 */
	public static HttpHandler remembering(HttpHandler handler) {
		return (request, response) -> handler.handle(request, response)
			.contextWrite((context) -> context.put(RECEIVED, request));
	}

	@Override
	public OperationInvoker apply(EndpointId endpointId, OperationType operationType, OperationParameters parameters,
			OperationInvoker invoker) {
		if (!ENDPOINT_ID.equals(endpointId)) {
			return invoker;
		}
		return (invocation) -> Mono.deferContextual((context) -> {
			if (SecuredRequests.isSecured(context)) {
				return mono(invoker.invoke(invocation));
			}
			ServerHttpRequest received = context.getOrDefault(RECEIVED, null);
			if (received == null) {
				return Mono.just(refusal("nobody knows where it came from"));
			}
			ReceivedRequest request = ReceivedRequest.of(received);
			String objection = LocalRequests.findObjection(request);
			return (objection != null) ? Mono.just(refusal(objection))
					: findStranger(request).map(LocalAccessGuard::refusal)
						.switchIfEmpty(Mono.defer(() -> mono(invoker.invoke(invocation))));
		});
	}

	private Mono<String> findStranger(ReceivedRequest request) {
		// The kernel's table of sockets may be long
		return Mono.fromCallable(() -> this.accounts.findObjection(request)).subscribeOn(Schedulers.boundedElastic());
	}

	private static Object refusal(String objection) {
		return FailureDescriptor.response(HttpStatus.FORBIDDEN,
				("The cluster answers only to the machine that it runs on,"
						+ " and this request was refused because %s; to open it to others, set '%s' or '%s',"
						+ " and let Spring Security decide who they are")
					.formatted(objection, ClusterExposure.INCLUDE, ClusterExposure.ACCESS));
	}

	static Mono<Object> mono(@Nullable Object result) {
		return (result instanceof Publisher<?> publisher) ? Mono.from(publisher) : Mono.justOrEmpty(result);
	}

}
