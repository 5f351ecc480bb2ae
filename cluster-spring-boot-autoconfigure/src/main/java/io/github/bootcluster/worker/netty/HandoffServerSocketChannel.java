package io.github.bootcluster.worker.netty;

import java.net.InetSocketAddress;

import io.github.bootcluster.worker.MasterConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.ServerSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * {@link HandoffServerChannel} of a TCP address.
 */
final class HandoffServerSocketChannel extends HandoffServerChannel implements ServerSocketChannel {

	HandoffServerSocketChannel(MasterConnection master) {
		super(master);
	}

	@Override
	HandoffChannel newConnection(int descriptor, @Nullable ConnectionTally tally, @Nullable ByteBuf beginning) {
		return new HandoffSocketChannel(this, descriptor, tally, beginning);
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
