package io.github.bootcluster.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ProcessBuilder.Redirect;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;

/**
 * A master that forks two workers again and again, which share a port and end with it:
 * the least that the harness can be tried on.
 */
public final class StandInCluster {

	private static final int WORKERS = 2;

	private StandInCluster() {
	}

	public static void main(String[] args) throws Exception {
		if (System.getenv("STAND_IN_PORT") != null) {
			work(Integer.parseInt(System.getenv("STAND_IN_PORT")));
			return;
		}
		int port;
		try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = free.getLocalPort();
		}
		for (int i = 0; i < WORKERS; i++) {
			new Thread(() -> keepAlive(port)).start();
		}
	}

	private static void keepAlive(int port) {
		String java = System.getProperty("java.home") + "/bin/java";
		ProcessBuilder worker = new ProcessBuilder(java, "-XX:TieredStopAtLevel=1", "-cp",
				System.getProperty("java.class.path"), StandInCluster.class.getName());
		worker.environment().put("STAND_IN_PORT", Integer.toString(port));
		worker.redirectErrorStream(true).redirectOutput(Redirect.INHERIT);
		try {
			while (true) {
				worker.start().waitFor();
			}
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private static void work(int port) throws IOException {
		new Thread(StandInCluster::endWithTheMaster).start();
		try (ServerSocket server = new ServerSocket()) {
			server.setOption(StandardSocketOptions.SO_REUSEPORT, true);
			server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
			System.out.println("worker | Netty started on port " + port + " (http)");
			while (true) {
				Socket connection = server.accept();
				new Thread(() -> serve(connection)).start();
			}
		}
	}

	private static void endWithTheMaster() {
		try {
			while (System.in.read() >= 0) {
				continue;
			}
		}
		catch (IOException ex) {
			// the master has gone
		}
		Runtime.getRuntime().halt(0);
	}

	private static void serve(Socket connection) {
		byte[] body = ("{\"pid\":" + ProcessHandle.current().pid() + "}").getBytes(StandardCharsets.US_ASCII);
		byte[] head = ("HTTP/1.1 200 OK\r\nContent-Length: " + body.length + "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII);
		try (connection) {
			InputStream input = connection.getInputStream();
			OutputStream output = connection.getOutputStream();
			int last = 0;
			for (int next = input.read(); next >= 0; next = input.read()) {
				last = (last << 8) | next;
				if (last == 0x0d0a0d0a) {
					output.write(head);
					output.write(body);
				}
			}
		}
		catch (IOException ex) {
			// the client has gone
		}
	}

}
