package io.github.bootcluster.master.listen;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;

import io.github.bootcluster.distribution.ConnectionDistributor.Connection;
import io.netty.channel.unix.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Connection as a distributor sees it. One object serves for all of a dispatcher, so that
 * a connection costs none.
 */
final class DispatchedConnection implements Connection {

	/**
	 * Names and numbers of Linux' {@code sys/socket.h}.
	 */
	private static final int SOL_SOCKET = 1;

	private static final int SO_DOMAIN = 39;

	private static final int AF_UNIX = 1;

	/**
	 * Clients that the descriptor does not lead to, by the descriptor. What is left of
	 * one that has been handed over is replaced when its number is used again.
	 */
	private final Map<Integer, InetSocketAddress> known = new HashMap<>();

	private boolean enveloped;

	private int descriptor = -1;

	DispatchedConnection show(int descriptor) {
		this.descriptor = descriptor;
		return this;
	}

	/**
	 * Takes note of the client of an envelope; from now on there are no others.
	 * @param client the client, or {@code null} if it is not known
	 */
	void know(int descriptor, @Nullable InetSocketAddress client) {
		this.enveloped = true;
		if (client != null) {
			this.known.put(descriptor, client);
		}
		else {
			this.known.remove(descriptor);
		}
	}

	@Override
	public @Nullable InetSocketAddress client() {
		return this.enveloped ? this.known.get(this.descriptor) : lookUp(this.descriptor);
	}

	/**
	 * Asks the kernel who is at the other end of a connection.
	 * @return the address, or {@code null} if there is none
	 */
	static @Nullable InetSocketAddress lookUp(int descriptor) {
		try {
			Socket socket = new Socket(descriptor);
			// Of a Unix socket, Netty would tell some address all the same
			return (socket.getIntOpt(SOL_SOCKET, SO_DOMAIN) != AF_UNIX) ? socket.remoteAddress() : null;
		}
		catch (IOException | RuntimeException ex) {
			// Netty has the latter for whatever is no connection any more
			return null;
		}
	}

}
