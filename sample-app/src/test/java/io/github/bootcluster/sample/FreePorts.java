package io.github.bootcluster.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that have to be told one. They lie below those that the kernel gives
 * to clients and to processes that ask for any port, as such a one could be gone again
 * until the server starts.
 */
final class FreePorts {

	private static final int FIRST = 20_000;

	private static final int END = 32_000;

	private static final int ATTEMPTS = 100;

	private FreePorts() {
	}

	/**
	 * Finds a port that nobody listens on.
	 * @param address the address to listen on
	 * @return the port
	 * @throws IOException if the address cannot be listened on
	 */
	static int find(InetAddress address) throws IOException {
		IOException failure = null;
		for (int i = 0; i < ATTEMPTS; i++) {
			int port = ThreadLocalRandom.current().nextInt(FIRST, END);
			try (ServerSocket socket = new ServerSocket()) {
				socket.bind(new InetSocketAddress(address, port));
				return port;
			}
			catch (IOException ex) {
				failure = ex;
			}
		}
		throw new IOException("No port from " + FIRST + " to " + END + " is free on " + address, failure);
	}

}
