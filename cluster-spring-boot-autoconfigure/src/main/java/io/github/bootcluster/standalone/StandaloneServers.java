package io.github.bootcluster.standalone;

import io.github.bootcluster.ClusterServers;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.NettyInbound;
import reactor.netty.transport.ServerTransport;
import reactor.netty.transport.ServerTransportConfig;

/**
 * {@link ClusterServers} of a process whose servers are its own: one that is not
 * clustered, or a master.
 */
public final class StandaloneServers implements ClusterServers {

	@Override
	public <T extends ServerTransport<T, C>, C extends ServerTransportConfig<C>> T join(T server) {
		return server;
	}

	@Override
	public Mono<Void> whenDraining(NettyInbound inbound) {
		return Mono.never();
	}

	@Override
	public Mono<Void> whenDraining(Connection connection) {
		return Mono.never();
	}

}
