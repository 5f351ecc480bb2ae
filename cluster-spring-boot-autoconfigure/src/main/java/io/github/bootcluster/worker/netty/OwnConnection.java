package io.github.bootcluster.worker.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;

import io.github.bootcluster.wire.DescriptorQueue;
import io.github.bootcluster.wire.Sockets;
import io.netty.channel.unix.Socket;

/**
 * Connection of this process to a server of its own, past the master. Its address is open
 * for the moment that the connection needs, and another client that connects meanwhile is
 * turned away.
 */
final class OwnConnection {

	private static final int BACKLOG = 16;

	private static final int CONNECT_MILLIS = 5000;

	private OwnConnection() {
	}

	/**
	 * Opens a connection that a server serves as if it had been handed over.
	 * @return the client's end, to be closed by the caller
	 */
	static java.net.Socket open(HandoffServerChannel server) throws IOException {
		Socket listening = Sockets.openTcp();
		java.net.Socket client = new java.net.Socket();
		try {
			listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
			listening.listen(BACKLOG);
			client.connect(listening.localAddress(), CONNECT_MILLIS);
			serve(server, accept(listening, client.getLocalPort()));
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

	/**
	 * Accepts the connection of one client and closes those of others.
	 */
	static int accept(Socket listening, int clientPort) throws IOException {
		byte[] address = new byte[25];
		for (int accepted = listening.accept(address); accepted >= 0; accepted = listening.accept(address)) {
			if (isFrom(accepted, clientPort)) {
				return accepted;
			}
			DescriptorQueue.release(accepted);
		}
		throw new IOException("the connection to itself was not accepted");
	}

	private static boolean isFrom(int accepted, int clientPort) {
		try {
			InetSocketAddress client = new Socket(accepted).remoteAddress();
			return client != null && client.getPort() == clientPort;
		}
		catch (RuntimeException ex) {
			// Netty's way to say that the client has gone
			return false;
		}
	}

	private static void serve(HandoffServerChannel server, int descriptor) throws IOException {
		try {
			server.eventLoop().execute(() -> server.accepted(descriptor));
		}
		catch (RejectedExecutionException | IllegalStateException ex) {
			DescriptorQueue.release(descriptor);
			throw new IOException("its server is closed", ex);
		}
	}

}
