package io.github.bootcluster.worker.netty;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

/**
 * A connection's turn to end, for those who wait for it. Connections that nobody waits
 * for carry nothing.
 */
final class DrainTurn {

	private static final AttributeKey<Sinks.Empty<Void>> TURN = AttributeKey.valueOf("cluster.drainTurn");

	private DrainTurn() {
	}

	/**
	 * Returns what completes when it is a connection's turn.
	 * @param channel the connection's channel, or that of a stream of it
	 * @return completes on the connection's event loop; at once if the turn is over
	 */
	static Mono<Void> of(Channel channel) {
		return Mono.defer(() -> {
			Sinks.Empty<Void> fresh = Sinks.empty();
			Sinks.@Nullable Empty<Void> known = connection(channel).attr(TURN).setIfAbsent(fresh);
			return ((known != null) ? known : fresh).asMono();
		});
	}

	private static Channel connection(Channel channel) {
		Channel connection = channel;
		while (connection.parent() != null && !(connection.parent() instanceof ServerChannel)) {
			connection = connection.parent();
		}
		return connection;
	}

	/**
	 * Tells that it is a connection's turn. It may be told again and again: who comes
	 * late hears of it then.
	 */
	static void come(Channel connection) {
		Sinks.@Nullable Empty<Void> turn = connection.attr(TURN).get();
		if (turn != null) {
			turn.tryEmitEmpty();
		}
	}

}
