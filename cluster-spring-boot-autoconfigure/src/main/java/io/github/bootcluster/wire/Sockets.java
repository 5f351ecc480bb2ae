package io.github.bootcluster.wire;

import java.io.IOException;
import java.util.function.Supplier;

import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;

/**
 * Opens sockets. Netty tells by an unchecked exception that no descriptor is left.
 */
public final class Sockets {

	private Sockets() {
	}

	/**
	 * Opens a TCP socket.
	 * @throws IOException if no descriptor is left
	 */
	public static Socket openTcp() throws IOException {
		return open(Socket::newSocketStream);
	}

	/**
	 * Opens a Unix socket.
	 * @throws IOException if no descriptor is left
	 */
	public static Socket openUnix() throws IOException {
		return open(Socket::newSocketDomain);
	}

	private static Socket open(Supplier<Socket> opener) throws IOException {
		try {
			return opener.get();
		}
		catch (ChannelException ex) {
			throw new IOException(ex.getMessage(), ex);
		}
	}

}
