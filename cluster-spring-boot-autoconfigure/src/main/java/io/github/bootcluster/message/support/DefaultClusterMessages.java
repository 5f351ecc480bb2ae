package io.github.bootcluster.message.support;

import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

import io.github.bootcluster.ClusterException;
import io.github.bootcluster.ClusterMessageTimeoutException;
import io.github.bootcluster.message.ClusterMessage;
import io.github.bootcluster.message.ClusterMessageConverter;
import io.github.bootcluster.message.ClusterMessageHandler;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.message.MessageTarget;
import org.jspecify.annotations.Nullable;

import org.springframework.core.ReactiveAdapter;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.util.ClassUtils;

/**
 * {@link ClusterMessages} of a process in a cluster.
 */
public final class DefaultClusterMessages implements ClusterMessages {

	private final MessageCarrier carrier;

	private final MessageListeners listeners;

	private final Payloads payloads;

	private final Executor stages;

	/**
	 * Creates the messages of an application context.
	 */
	public DefaultClusterMessages(MessageCarrier carrier, MessageListeners listeners, ClusterMessageConverter converter,
			Executor stages) {
		this.carrier = carrier;
		this.listeners = listeners;
		this.payloads = new Payloads(converter);
		this.stages = stages;
	}

	@Override
	public CompletionStage<Void> send(MessageTarget target, String name, @Nullable Object payload) {
		return exchange(target, false, name, payload, null, (reply) -> null);
	}

	@Override
	public CompletionStage<Integer> broadcast(String name, @Nullable Object payload) {
		return exchange(MessageTarget.workers(), false, name, payload, null, Integer::valueOf);
	}

	@Override
	public <T> CompletionStage<T> request(MessageTarget target, String name, @Nullable Object payload,
			Class<T> replyType, Duration timeout) {
		if (target.kind() == MessageTarget.Kind.WORKERS) {
			throw new IllegalArgumentException("A request is for a single process, not for " + target);
		}
		if (timeout.isNegative() || timeout.isZero()) {
			throw new IllegalArgumentException("The timeout of a request is positive, not " + timeout);
		}
		return exchange(target, true, name, payload, timeout,
				(reply) -> cast(replyType, this.payloads.read(name, reply, replyType)));
	}

	private <T extends @Nullable Object> CompletionStage<T> exchange(MessageTarget target, boolean replyExpected,
			String name, @Nullable Object payload, @Nullable Duration timeout, Function<String, T> reader) {
		checkName(name);
		String json;
		try {
			json = this.payloads.write(name, payload);
		}
		catch (ClusterException ex) {
			return CompletableFuture.failedStage(ex);
		}
		CompletableFuture<Outcome> settled = new CompletableFuture<>();
		CompletableFuture<T> result = new CompletableFuture<>();
		settled.whenCompleteAsync((outcome, failure) -> {
			try {
				if (failure != null && timeout != null) {
					throw new ClusterMessageTimeoutException(name, target, timeout);
				}
				result.complete(reader.apply(reply(outcome)));
			}
			catch (RuntimeException ex) {
				result.completeExceptionally(ex);
			}
		}, this.stages);
		if (timeout != null) {
			settled.orTimeout(timeout.toNanos(), TimeUnit.NANOSECONDS);
		}
		this.carrier.carry(target, replyExpected, name, json, settled::complete);
		return result;
	}

	private static String reply(Outcome outcome) {
		if (outcome instanceof Outcome.Unhandled unhandled) {
			throw unhandled.toException();
		}
		return ((Outcome.Handled) outcome).reply();
	}

	private static void checkName(String name) {
		if (name.isBlank() || name.length() > MAX_NAME || !StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
			throw new IllegalArgumentException(
					"The name of a message has 1 to %d characters and is not blank".formatted(MAX_NAME));
		}
	}

	@Override
	public <T> Registration listen(String name, Class<T> payloadType, ClusterMessageHandler<T> handler) {
		return listen(name, (Type) payloadType,
				(payload, message) -> handler.handle(cast(payloadType, payload), message));
	}

	@SuppressWarnings("unchecked")
	private static <T> @Nullable T cast(Class<T> type, @Nullable Object value) {
		return (T) ClassUtils.resolvePrimitiveIfNecessary(type).cast(value);
	}

	/**
	 * Hears messages of a name.
	 */
	public Registration listen(String name, Type payloadType, ClusterMessageHandler<Object> handler) {
		checkName(name);
		return this.listeners.add(name, (message) -> hear(message, payloadType, handler));
	}

	private CompletableFuture<String> hear(ClusterMessage message, Type payloadType,
			ClusterMessageHandler<Object> handler) throws Exception {
		Object payload = this.payloads.read(message.name(), message.payload(), payloadType);
		Object returned = handler.handle(payload, message);
		CompletionStage<?> reply = stage(returned);
		if (reply == null) {
			return CompletableFuture.completedFuture(write(message, returned));
		}
		return reply.thenApply((value) -> write(message, value)).toCompletableFuture();
	}

	private String write(ClusterMessage message, @Nullable Object reply) {
		return message.replyExpected() ? this.payloads.write(message.name(), reply)
				: MessageListeners.Listener.NO_REPLY;
	}

	private static @Nullable CompletionStage<?> stage(@Nullable Object returned) {
		if (returned == null || returned instanceof CompletionStage<?>) {
			return (CompletionStage<?>) returned;
		}
		ReactiveAdapter adapter = ReactiveAdapterRegistry.getSharedInstance().getAdapter(null, returned);
		ReactiveAdapter stages = ReactiveAdapterRegistry.getSharedInstance().getAdapter(CompletableFuture.class);
		return (adapter != null && stages != null)
				? (CompletionStage<?>) stages.fromPublisher(adapter.toPublisher(returned)) : null;
	}

}
