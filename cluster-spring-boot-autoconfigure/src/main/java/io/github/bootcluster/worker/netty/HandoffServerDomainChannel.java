package io.github.bootcluster.worker.netty;

import io.github.bootcluster.worker.MasterConnection;
import io.netty.buffer.ByteBuf;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.ServerDomainSocketChannel;
import org.jspecify.annotations.Nullable;

/**
 * {@link HandoffServerChannel} of a Unix socket.
 */
final class HandoffServerDomainChannel extends HandoffServerChannel implements ServerDomainSocketChannel {

	private static final FileDescriptor NONE = new FileDescriptor(Integer.MAX_VALUE);

	HandoffServerDomainChannel(MasterConnection master) {
		super(master);
	}

	@Override
	HandoffChannel newConnection(int descriptor, @Nullable ConnectionTally tally, @Nullable ByteBuf beginning) {
		return new HandoffDomainChannel(this, descriptor, tally, beginning);
	}

	/**
	 * Returns no descriptor that could be used: the one that listens is the master's.
	 */
	@Override
	public FileDescriptor fd() {
		return NONE;
	}

	@Override
	@SuppressWarnings("NullAway") // Netty's own channels return null before they are
									// bound
	public DomainSocketAddress localAddress() {
		return (DomainSocketAddress) localAddress0();
	}

	@Override
	@SuppressWarnings("NullAway") // a server channel has no remote address
	public DomainSocketAddress remoteAddress() {
		return null;
	}

}
