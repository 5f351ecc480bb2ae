package io.github.bootcluster.actuate;

import java.util.Map;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.springframework.boot.actuate.endpoint.EndpointId;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationType;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvoker;
import org.springframework.boot.actuate.endpoint.invoke.OperationInvokerAdvisor;
import org.springframework.boot.actuate.endpoint.invoke.OperationParameters;

/**
 * Passes the arguments of a request on to {@link ClusterEndpoint}. Were they parameters
 * of its operation, Boot would demand a content type even of a request without a body,
 * and {@code curl -X POST} would get a {@code 415}.
 */
public class OperationArguments implements OperationInvokerAdvisor {

	@Override
	public OperationInvoker apply(EndpointId id, OperationType type, OperationParameters parameters,
			OperationInvoker invoker) {
		if (!id.equals(EndpointId.of(ClusterEndpoint.ID)) || type != OperationType.WRITE) {
			return invoker;
		}
		return (context) -> {
			Object result = invoker.invoke(context);
			return (result instanceof Mono<?> mono) ? mono.contextWrite(of(context.getArguments())) : result;
		};
	}

	static Context of(Map<String, Object> arguments) {
		return Context.of(OperationArguments.class, arguments);
	}

	/**
	 * Tells whether an argument that may be {@code true} or {@code false} is true.
	 * @param context the context of the operation's subscriber
	 * @param name the argument's name
	 * @return whether it is there and true
	 * @throws InvalidEndpointRequestException if it is neither
	 */
	static boolean isTrue(ContextView context, String name) {
		String value = text(context, name);
		String text = (value != null) ? value : "false";
		if (!text.equals("true") && !text.equals("false")) {
			throw new InvalidEndpointRequestException("'%s' is '%s'".formatted(name, text),
					"'%s' must be true or false".formatted(name));
		}
		return text.equals("true");
	}

	/**
	 * Returns an argument.
	 * @param context the context of the operation's subscriber
	 * @param name the argument's name
	 * @return the argument, or {@code null} if it is not there
	 */
	static @Nullable String text(ContextView context, String name) {
		Map<String, @Nullable Object> arguments = context.getOrDefault(OperationArguments.class, Map.of());
		Object value = (arguments != null) ? arguments.get(name) : null;
		return (value != null) ? value.toString() : null;
	}

}
