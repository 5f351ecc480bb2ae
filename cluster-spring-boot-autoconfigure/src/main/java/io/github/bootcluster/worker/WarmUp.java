package io.github.bootcluster.worker;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.net.ssl.SSLSocketFactory;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Requests that a new worker sends itself before it is ready, so that its classes are
 * loaded, its code is compiled and its pools are filled when the first client comes. They
 * take the way of any other request but for the master. One that fails is a warning: an
 * application that serves its clients nevertheless is not to be kept from it.
 */
public final class WarmUp {

	private static final Log logger = LogFactory.getLog(WarmUp.class);

	private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);

	private static final Pattern STATUS_LINE = Pattern.compile("HTTP/1\\.[01] (\\d{3}).*");

	private static final int MAX_STATUS_LINE = 1024;

	private final Plan plan;

	private final WorkerConnections connections;

	private final IntSupplier port;

	private final RequestCounts counts;

	/**
	 * Creates a warm-up.
	 * @param port tells the port of the server that requests go to
	 * @param counts does not count them
	 */
	public WarmUp(Plan plan, WorkerConnections connections, IntSupplier port, RequestCounts counts) {
		this.plan = plan;
		this.connections = connections;
		this.port = port;
		this.counts = counts;
	}

	/**
	 * Sends the requests, one after another, and returns when all are answered or the
	 * time is up. A path that fails is not requested again.
	 */
	public void run() {
		if (this.plan.paths().isEmpty()) {
			return;
		}
		this.counts.pause(true);
		try {
			request();
			// The last one may be counted once its connection is closed
			this.connections.awaitLoops();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		finally {
			this.counts.pause(false);
		}
	}

	private void request() {
		long start = System.nanoTime();
		long limit = start + this.plan.limit().toNanos();
		int successful = 0;
		for (String path : this.plan.paths()) {
			for (int i = 0; i < this.plan.requests() && System.nanoTime() - limit < 0 && request(path, limit); i++) {
				successful++;
			}
		}
		String end = (System.nanoTime() - limit < 0) ? "Completed warm-up in %d ms"
				: "Stopped warm-up after %d ms, half of cluster.worker.start-timeout";
		logger.info((end + " (successful requests: %d)")
			.formatted(Duration.ofNanos(System.nanoTime() - start).toMillis(), successful));
	}

	private boolean request(String path, long end) {
		try {
			int status = exchange(path, Math.min(end, System.nanoTime() + REQUEST_LIMIT.toNanos()));
			if (status < 400) {
				return true;
			}
			logger.warn("Warm-up request to '%s' was answered with status %d".formatted(path, status));
		}
		catch (SocketTimeoutException ex) {
			logger.warn("Warm-up request to '%s' was not answered in time".formatted(path));
		}
		catch (IOException ex) {
			logger.warn("Warm-up request to '%s' failed: %s".formatted(path, ex.getMessage()));
		}
		return false;
	}

	private int exchange(String path, long end) throws IOException {
		try (Socket connection = this.connections.connect(this.port.getAsInt())) {
			connection.setSoTimeout(millisUntil(end));
			if (this.plan.proxyHeader()) {
				connection.getOutputStream().write("PROXY UNKNOWN\r\n".getBytes(StandardCharsets.US_ASCII));
			}
			try (Socket socket = encrypt(connection)) {
				String request = "GET %s HTTP/1.1\r\nHost: localhost\r\nUser-Agent: cluster-warm-up\r\nAccept: */*\r\nConnection: close\r\n\r\n"
					.formatted(path);
				socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
				InputStream response = new BufferedInputStream(socket.getInputStream());
				int status = status(response);
				byte[] rest = new byte[8192];
				do {
					connection.setSoTimeout(millisUntil(end));
				}
				while (response.read(rest) >= 0);
				return status;
			}
		}
	}

	private static int millisUntil(long end) throws SocketTimeoutException {
		long millis = Duration.ofNanos(end - System.nanoTime()).toMillis();
		if (millis <= 0) {
			throw new SocketTimeoutException();
		}
		return (int) Math.min(millis, Integer.MAX_VALUE);
	}

	private static int status(InputStream response) throws IOException {
		StringBuilder line = new StringBuilder();
		for (int read = response.read(); read >= 0 && read != '\n'
				&& line.length() < MAX_STATUS_LINE; read = response.read()) {
			line.append((char) read);
		}
		Matcher matcher = STATUS_LINE.matcher(line.toString().trim());
		if (!matcher.matches()) {
			throw new IOException(line.isEmpty() ? "the connection was closed without an answer"
					: "the answer is not one of HTTP/1.1");
		}
		return Integer.parseInt(matcher.group(1));
	}

	private Socket encrypt(Socket connection) throws IOException {
		SSLSocketFactory tls = this.plan.tls();
		return (tls != null) ? tls.createSocket(connection, "localhost", connection.getPort(), true) : connection;
	}

	/**
	 * What is requested, and how.
	 *
	 * @param paths the paths, each with its query
	 * @param requests how often each is requested
	 * @param limit how long all of it may take
	 * @param tls speaks TLS with the server, or {@code null} if that does not
	 * @param proxyHeader whether the server expects a header of the PROXY protocol
	 */
	public record Plan(List<String> paths, int requests, Duration limit, @Nullable SSLSocketFactory tls,
			boolean proxyHeader) {

	}

}
