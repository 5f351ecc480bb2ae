package io.github.bootcluster.worker;

import java.net.InetSocketAddress;

import io.netty.channel.socket.ServerSocketChannel;

/**
 * {@link HandoffServerChannel} of a TCP address.
 */
final class HandoffServerSocketChannel extends HandoffServerChannel implements ServerSocketChannel {

	HandoffServerSocketChannel(MasterConnection master) {
		super(master);
	}

	@Override
	HandoffChannel newConnection(int descriptor) {
		return new HandoffSocketChannel(this, descriptor);
	}

	@Override
	@SuppressWarnings("NullAway") // Netty's own channels return null before they are
									// bound
	public InetSocketAddress localAddress() {
		return (InetSocketAddress) localAddress0();
	}

	@Override
	@SuppressWarnings("NullAway") // a server channel has no remote address
	public InetSocketAddress remoteAddress() {
		return null;
	}

}
