package io.github.bootcluster.sample;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Somebody who sends requests over a Unix socket all the time, each on a new connection,
 * and remembers the first thing that went wrong.
 */
final class UnixSocketUser {

	private static final Pattern PID = Pattern.compile("\"pid\":(\\d+)");

	private final Path socket;

	private final Map<Long, Integer> answers = new ConcurrentHashMap<>();

	private final CompletableFuture<Void> end = new CompletableFuture<>();

	private volatile boolean stopped;

	private UnixSocketUser(Path socket) {
		this.socket = socket;
	}

	static UnixSocketUser start(Path socket) {
		UnixSocketUser user = new UnixSocketUser(socket);
		new Thread(user::run, "unix-socket-user").start();
		return user;
	}

	private void run() {
		try {
			while (!this.stopped) {
				String answer = get(this.socket, "/");
				Matcher pid = PID.matcher(answer);
				if (!answer.startsWith("HTTP/1.1 200 ") || !pid.find()) {
					throw new IOException("The answer is '%s'".formatted(answer));
				}
				this.answers.merge(Long.valueOf(pid.group(1)), 1, Integer::sum);
				TimeUnit.MILLISECONDS.sleep(2);
			}
			this.end.complete(null);
		}
		catch (IOException | InterruptedException ex) {
			this.end.completeExceptionally(ex);
		}
	}

	/**
	 * Sends a request on a new connection.
	 * @param socket the path of the socket
	 * @param path the path of the request
	 * @return the whole answer
	 * @throws IOException if there is none
	 */
	static String get(Path socket, String path) throws IOException {
		try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
			channel
				.write(ByteBuffer.wrap("GET %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".formatted(path)
					.getBytes(StandardCharsets.US_ASCII)));
			ByteArrayOutputStream answer = new ByteArrayOutputStream();
			ByteBuffer buffer = ByteBuffer.allocate(8192);
			while (channel.read(buffer) >= 0) {
				answer.write(buffer.array(), 0, buffer.position());
				buffer.clear();
			}
			return answer.toString(StandardCharsets.UTF_8);
		}
	}

	/**
	 * Returns how many answers came from which process.
	 * @return the counts by process id
	 */
	Map<Long, Integer> answers() {
		return this.answers;
	}

	/**
	 * Ends behind a whole answer, and fails if ever one was missing.
	 */
	void stop() throws Exception {
		this.stopped = true;
		this.end.get(30, TimeUnit.SECONDS);
	}

}
