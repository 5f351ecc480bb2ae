package io.github.bootcluster.actuate;

import java.nio.charset.StandardCharsets;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

import org.springframework.boot.actuate.endpoint.EndpointId;
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

	private static final int LONGEST_ECHO = 40;

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
	 * Returns an argument. What cannot be part of any name is replaced or cut off.
	 * @return the argument, or {@code null} if it is not there
	 */
	static @Nullable String text(ContextView context, String name) {
		Map<String, @Nullable Object> arguments = context.getOrDefault(OperationArguments.class, Map.of());
		Object value = (arguments != null) ? arguments.get(name) : null;
		return (value != null) ? echo(value.toString()) : null;
	}

	/**
	 * Makes a text of a stranger fit for a sentence and for the way to the master.
	 */
	static String echo(String text) {
		String begin = (text.length() > LONGEST_ECHO) ? text.substring(0, LONGEST_ECHO) + "..." : text;
		return new String(begin.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
	}

}
