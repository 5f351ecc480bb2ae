package io.github.bootcluster.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * Port on the loopback address that refuses connections: it is bound, so that nobody else
 * gets it, and does not listen.
 */
final class RefusingPort implements AutoCloseable {

	private final Socket socket = new Socket();

	RefusingPort() throws IOException {
		this.socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
	}

	int port() {
		return this.socket.getLocalPort();
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
