package io.github.bootcluster.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Somebody who talks to the sample's echo server all the time, over one connection or
 * over a new one each time, and remembers the first thing that went wrong.
 */
final class EchoUser {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	private final int port;

	private final boolean keepsConnection;

	private final AtomicInteger echoes = new AtomicInteger();

	private final CompletableFuture<Void> end = new CompletableFuture<>();

	private volatile boolean stopped;

	private EchoUser(int port, boolean keepsConnection) {
		this.port = port;
		this.keepsConnection = keepsConnection;
	}

	static EchoUser start(int port, boolean keepsConnection) {
		EchoUser user = new EchoUser(port, keepsConnection);
		new Thread(user::run, "echo-user").start();
		return user;
	}

	private void run() {
		try {
			while (!this.stopped) {
				talk();
			}
			this.end.complete(null);
		}
		catch (IOException ex) {
			this.end.completeExceptionally(ex);
		}
	}

	private void talk() throws IOException {
		try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.port)) {
			socket.setSoTimeout((int) LIMIT.toMillis());
			do {
				byte[] text = ("line " + this.echoes.get() + "\n").getBytes(StandardCharsets.US_ASCII);
				socket.getOutputStream().write(text);
				String answer = new String(socket.getInputStream().readNBytes(text.length), StandardCharsets.US_ASCII);
				if (!answer.equals(new String(text, StandardCharsets.US_ASCII))) {
					throw new IOException("Echo %d is '%s'".formatted(this.echoes.get(), answer));
				}
				this.echoes.incrementAndGet();
				TimeUnit.MILLISECONDS.sleep(2);
			}
			while (this.keepsConnection && !this.stopped);
			socket.shutdownOutput();
			if (socket.getInputStream().read() >= 0) {
				throw new IOException("More than an echo");
			}
		}
		catch (InterruptedException ex) {
			throw new IOException(ex);
		}
	}

	int echoes() {
		return this.echoes.get();
	}

	boolean isWell() {
		return !this.end.isCompletedExceptionally();
	}

	/**
	 * Closes the connection behind a whole echo, and fails if ever one was missing.
	 */
	void stop() throws Exception {
		this.stopped = true;
		this.end.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
	}

}
