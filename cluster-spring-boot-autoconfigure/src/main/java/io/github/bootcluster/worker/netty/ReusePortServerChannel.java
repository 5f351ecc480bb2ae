package io.github.bootcluster.worker.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;

import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.worker.MasterConnection;
import io.netty.channel.socket.nio.NioServerSocketChannel;

/**
 * Server channel that listens itself, beside the other workers, on an address that the
 * master holds for all of them.
 */
final class ReusePortServerChannel extends NioServerSocketChannel {

	private final MasterConnection master;

	ReusePortServerChannel(MasterConnection master) {
		this.master = master;
	}

	@Override
	protected void doBind(SocketAddress address) throws Exception {
		InetSocketAddress wanted = (InetSocketAddress) address;
		Frame.Listening listening = this.master.listen(wanted, this.master.nextOrdinal(wanted), config().getBacklog());
		javaChannel().setOption(StandardSocketOptions.SO_REUSEPORT, true);
		super.doBind(new InetSocketAddress(InetAddress.getByName(listening.host()), listening.port()));
	}

}
