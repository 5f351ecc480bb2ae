package io.github.bootcluster.actuate;

import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;
import org.springframework.http.HttpStatus;

/**
 * Refuses the operations of {@link ClusterEndpoint} that take workers away, or bring up
 * more of them, where nobody has configured the access to the endpoint and Spring
 * Security does not answer for the request.
 */
public final class OperationsByAccess implements OperationInvokerAdvisor {

	private static final EndpointId ENDPOINT_ID = EndpointId.of(ClusterEndpoint.ID);

	private static final String OPERATION = "operation";

	private static final Set<String> BY_ACCESS = Set.of(ClusterEndpoint.SCALE, ClusterEndpoint.SHUTDOWN,
			ClusterEndpoint.FORK, ClusterEndpoint.DISCONNECT, ClusterEndpoint.KILL);

	@Override
	public OperationInvoker apply(EndpointId endpointId, OperationType operationType, OperationParameters parameters,
			OperationInvoker invoker) {
		if (!ENDPOINT_ID.equals(endpointId) || operationType != OperationType.WRITE) {
			return invoker;
		}
		return (invocation) -> {
			Map<String, @Nullable Object> arguments = invocation.getArguments();
			String operation = String.valueOf(arguments.get(OPERATION));
			return BY_ACCESS.contains(operation) ? Mono.deferContextual((context) -> {
				if (SecuredRequests.isSecured(context)) {
					return LocalAccessGuard.mono(invoker.invoke(invocation));
				}
				return Mono.just(FailureDescriptor.response(HttpStatus.FORBIDDEN,
						("'%s' is off unless '%s' is set, for example to 'unrestricted',"
								+ " or Spring Security guards the endpoint")
							.formatted(operation, ClusterExposure.ACCESS)));
			}) : invoker.invoke(invocation);
		};
	}

}
