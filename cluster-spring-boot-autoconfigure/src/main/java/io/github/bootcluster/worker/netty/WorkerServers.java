package io.github.bootcluster.worker.netty;

import java.util.function.Supplier;

import io.github.bootcluster.ClusterServers;
import io.github.bootcluster.worker.MasterConnection;
import io.netty.channel.Channel;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.netty.Connection;
import reactor.netty.NettyInbound;
import reactor.netty.resources.LoopResources;
import reactor.netty.transport.ServerTransport;
import reactor.netty.transport.ServerTransportConfig;

/**
 * {@link ClusterServers} of a worker: servers take part by the event loops that they run
 * on.
 */
public final class WorkerServers implements ClusterServers {

	private final Supplier<MasterConnection> master;

	private final Supplier<NettyConnections> connections;

	/**
	 * Creates the servers of a worker.
	 */
	public WorkerServers(Supplier<MasterConnection> master, Supplier<NettyConnections> connections) {
		this.master = master;
		this.connections = connections;
	}

	@Override
	public <T extends ServerTransport<T, C>, C extends ServerTransportConfig<C>> T join(T server) {
		C configuration = server.configuration();
		LoopResources loops = configuration.loopResources();
		return (loops instanceof ClusterLoopResources) ? server : server
			.runOn(new ClusterLoopResources(loops, this.master, this.connections), configuration.isPreferNative());
	}

	@Override
	public Mono<Void> whenDraining(NettyInbound inbound) {
		Sinks.One<Channel> channel = Sinks.one();
		inbound.withConnection((connection) -> channel.tryEmitValue(connection.channel()));
		return channel.asMono().flatMap(DrainTurn::of);
	}

	@Override
	public Mono<Void> whenDraining(Connection connection) {
		return DrainTurn.of(connection.channel());
	}

}
