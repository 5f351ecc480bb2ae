package io.github.bootcluster.worker.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.IntConsumer;

import io.github.bootcluster.wire.DescriptorQueue;
import io.netty.channel.ChannelException;
import io.netty.channel.unix.Socket;

/**
 * Connection of this process to itself. Its address is open for the moment that the
 * connection needs, and another client that connects meanwhile is turned away.
 */
final class OwnConnection {

	private static final int BACKLOG = 16;

	private static final int CONNECT_MILLIS = 5000;

	private OwnConnection() {
	}

	/**
	 * Opens a connection.
	 * @param server gets the descriptor of the end that serves, taken over
	 * @return the other end, to be closed by the caller
	 */
	static java.net.Socket open(IntConsumer server) throws IOException {
		Socket listening = newSocket();
		java.net.Socket client = new java.net.Socket();
		try {
			listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			listening.listen(BACKLOG);
			client.connect(listening.localAddress(), CONNECT_MILLIS);
			server.accept(accept(listening, client.getLocalPort()));
			return client;
		}
		catch (IOException | RuntimeException ex) {
			client.close();
			throw ex;
		}
		finally {
			listening.close();
		}
	}

	private static Socket newSocket() throws IOException {
		try {
			return Socket.newSocketStream();
		}
		catch (ChannelException ex) {
			// Netty's way to say that there is no descriptor left
			throw new IOException(ex.getMessage(), ex);
		}
	}

	private static int accept(Socket listening, int clientPort) throws IOException {
		byte[] address = new byte[25];
		while (true) {
			int descriptor = listening.accept(address);
			if (descriptor < 0) {
				throw new IOException("the connection to itself was not accepted");
			}
			InetSocketAddress client = new Socket(descriptor).remoteAddress();
			if (client != null && client.getPort() == clientPort) {
				return descriptor;
			}
			DescriptorQueue.release(descriptor);
		}
	}

}
