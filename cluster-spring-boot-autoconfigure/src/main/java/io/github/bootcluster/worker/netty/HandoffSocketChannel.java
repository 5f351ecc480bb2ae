package io.github.bootcluster.worker.netty;

import java.net.InetSocketAddress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * {@link HandoffChannel} of a TCP connection.
 */
final class HandoffSocketChannel extends HandoffChannel implements SocketChannel {

	private final HandoffSocketChannelConfig config;

	HandoffSocketChannel(ServerSocketChannel parent, int descriptor, @Nullable ConnectionTally tally,
			@Nullable ByteBuf beginning) {
		super(parent, descriptor, tally, beginning);
		this.config = new HandoffSocketChannelConfig(this);
	}

	@Override
	boolean isLingering() {
		return config().getSoLinger() >= 0;
	}

	@Override
	public HandoffSocketChannelConfig config() {
		return this.config;
	}

	@Override
	public ServerSocketChannel parent() {
		return (ServerSocketChannel) super.parent();
	}

	@Override
	public InetSocketAddress localAddress() {
		return (InetSocketAddress) super.localAddress();
	}

	@Override
	public InetSocketAddress remoteAddress() {
		return (InetSocketAddress) super.remoteAddress();
	}

}
