package io.github.bootcluster.master;

import java.net.InetSocketAddress;

import io.github.bootcluster.distribution.ConnectionDistributor.Connection;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Connection as a distributor sees it. One object serves for all of a dispatcher, so that
 * a connection costs none.
 */
final class DispatchedConnection implements Connection {

	private int descriptor = -1;

	/**
	 * Shows a connection from now on.
	 * @param descriptor its descriptor, which stays the dispatcher's
	 * @return this object
	 */
	DispatchedConnection show(int descriptor) {
		this.descriptor = descriptor;
		return this;
	}

	@Override
	public @Nullable InetSocketAddress client() {
		try {
			return new Socket(this.descriptor).remoteAddress();
		}
		catch (RuntimeException ex) {
			// Netty's way to say that this is no connection any more
			return null;
		}
	}

}
