package io.github.bootcluster.wire;

import java.io.IOException;

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
		try {
			return Socket.newSocketStream();
		}
		catch (ChannelException ex) {
			throw new IOException(ex.getMessage(), ex);
		}
	}

	/**
	 * Opens a Unix socket.
	 * @throws IOException if no descriptor is left
	 */
	public static Socket openUnix() throws IOException {
		try {
			return Socket.newSocketDomain();
		}
		catch (ChannelException ex) {
			throw new IOException(ex.getMessage(), ex);
		}
	}

}
