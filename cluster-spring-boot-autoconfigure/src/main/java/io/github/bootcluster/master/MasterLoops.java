package io.github.bootcluster.master;

import io.github.bootcluster.wire.Transport;
import io.netty.channel.EventLoopGroup;

/**
 * The master's event loops. Messages between workers must not hold up the one that hands
 * connections over.
 *
 * @param transport what carries the sockets
 * @param connections of the listening sockets and the hand-off
 * @param control of the control sockets
 */
record MasterLoops(Transport transport, EventLoopGroup connections, EventLoopGroup control) implements AutoCloseable {

	static MasterLoops start(Transport transport) {
		return new MasterLoops(transport, transport.newEventLoop("cluster-io"),
				transport.newEventLoop("cluster-control"));
	}

	@Override
	public void close() {
		this.control.shutdownGracefully();
		this.connections.shutdownGracefully();
	}

}
