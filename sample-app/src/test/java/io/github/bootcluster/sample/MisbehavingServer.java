package io.github.bootcluster.sample;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Does to clients what they are to recognise.
 */
final class MisbehavingServer implements AutoCloseable {

	private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final Thread acceptor;

	MisbehavingServer(Behaviour behaviour) throws IOException {
		this.acceptor = new Thread(() -> accept(behaviour), "misbehaving-server");
		this.acceptor.setDaemon(true);
		this.acceptor.start();
	}

	private void accept(Behaviour behaviour) {
		while (!this.server.isClosed()) {
			try {
				Socket socket = this.server.accept();
				Thread thread = new Thread(() -> serve(behaviour, socket), "misbehaving-connection");
				thread.setDaemon(true);
				thread.start();
			}
			catch (IOException ex) {
				// closed
			}
		}
	}

	private static void serve(Behaviour behaviour, Socket socket) {
		try (socket) {
			behaviour.accept(new Connection(socket));
		}
		catch (IOException ex) {
			// the client has gone
		}
	}

	int port() {
		return this.server.getLocalPort();
	}

	/**
	 * Closes the port, which is open as long as somebody accepts on it.
	 */
	@Override
	public void close() throws IOException {
		this.server.close();
		try {
			this.acceptor.join();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * What the server does with one connection, which it closes afterwards.
	 */
	interface Behaviour {

		void accept(Connection connection) throws IOException;

	}

	record Connection(Socket socket) {

		boolean readRequest() throws IOException {
			InputStream input = this.socket.getInputStream();
			int last = 0;
			for (int next = input.read(); next >= 0; next = input.read()) {
				last = (last << 8) | next;
				if (last == 0x0d0a0d0a) {
					return true;
				}
			}
			return false;
		}

		boolean answer(String text) throws IOException {
			if (!readRequest()) {
				return false;
			}
			this.socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
			return true;
		}

		void reset() throws IOException {
			this.socket.setSoLinger(true, 0);
			this.socket.close();
		}

		void awaitClose() throws IOException {
			this.socket.getInputStream().read();
		}

	}

}
