package io.github.bootcluster.standalone;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.message.ClusterMessageHandler;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.message.MessageTarget;
import org.jspecify.annotations.Nullable;

/**
 * {@link ClusterMessages} of a process that is not clustered: there are no others that a
 * broadcast could reach, and nobody else to send anything to.
 */
public class StandaloneMessages implements ClusterMessages {

	@Override
	public CompletionStage<Void> send(MessageTarget target, String name, @Nullable Object payload) {
		return (target.kind() == MessageTarget.Kind.WORKERS) ? CompletableFuture.completedStage(null) : unavailable();
	}

	@Override
	public CompletionStage<Integer> broadcast(String name, @Nullable Object payload) {
		return CompletableFuture.completedStage(0);
	}

	@Override
	public <T> CompletionStage<T> request(MessageTarget target, String name, @Nullable Object payload,
			Class<T> replyType, Duration timeout) {
		return unavailable();
	}

	@Override
	public <T> Registration listen(String name, Class<T> payloadType, ClusterMessageHandler<T> handler) {
		return () -> {
		};
	}

	private static <T> CompletionStage<T> unavailable() {
		return CompletableFuture.failedStage(new ClusterUnavailableException(StandaloneCluster.NOT_CLUSTERED));
	}

}
