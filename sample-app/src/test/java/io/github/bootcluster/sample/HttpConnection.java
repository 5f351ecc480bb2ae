package io.github.bootcluster.sample;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection over a plain blocking socket. It repeats nothing: whatever goes
 * wrong is told with its kind, which no client that is made for users does.
 */
final class HttpConnection implements Closeable {

	private static final int LONGEST_LINE = 16 * 1024;

	private final Socket socket;

	private final InputStream input;

	private final Duration timeout;

	private long deadline;

	private long received;

	private int exchanges;

	private HttpConnection(Socket socket, InputStream input, Duration timeout) {
		this.socket = socket;
		this.input = new BufferedInputStream(new InputStream() {

			@Override
			public int read() throws IOException {
				byte[] one = new byte[1];
				return (read(one, 0, 1) == 1) ? one[0] & 0xff : -1;
			}

			@Override
			public int read(byte[] bytes, int offset, int length) throws IOException {
				return receive(input, bytes, offset, length);
			}

		});
		this.timeout = timeout;
	}

	static HttpConnection open(int port, Duration timeout) throws ExchangeFailedException {
		return open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), timeout, null);
	}

	static HttpConnection open(InetSocketAddress address, Duration timeout, @Nullable SSLContext ssl)
			throws ExchangeFailedException {
		Socket socket = new Socket();
		try {
			socket.setTcpNoDelay(true);
			socket.connect(address, (int) timeout.toMillis());
			if (ssl != null) {
				socket.setSoTimeout((int) timeout.toMillis());
				socket = ssl.getSocketFactory().createSocket(socket, address.getHostString(), address.getPort(), true);
			}
			return new HttpConnection(socket, socket.getInputStream(), timeout);
		}
		catch (IOException ex) {
			closeQuietly(socket);
			throw new ExchangeFailedException(outcomeOfConnect(ex), String.valueOf(ex.getMessage()), ex);
		}
	}

	private static Outcome outcomeOfConnect(IOException ex) {
		if (ex instanceof SocketTimeoutException) {
			return Outcome.CONNECT_TIMEOUT;
		}
		String message = String.valueOf(ex.getMessage());
		if (ex.getClass() == ConnectException.class && message.contains("refused")) {
			return Outcome.CONNECT_REFUSED;
		}
		return message.contains("reset") ? Outcome.RESET_BEFORE_RESPONSE : Outcome.CLIENT_ERROR;
	}

	HttpAnswer get(String path, String... headers) throws ExchangeFailedException {
		return exchange("GET", path, headers);
	}

	HttpAnswer exchange(String method, String path, String... headers) throws ExchangeFailedException {
		StringBuilder request = new StringBuilder();
		request.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: localhost\r\n");
		for (String header : headers) {
			request.append(header).append("\r\n");
		}
		if (!method.equals("GET")) {
			request.append("Content-Length: 0\r\n");
		}
		request.append("\r\n");
		boolean reused = this.exchanges++ > 0;
		this.received = 0;
		this.deadline = System.nanoTime() + this.timeout.toNanos();
		try {
			this.socket.getOutputStream().write(request.toString().getBytes(StandardCharsets.ISO_8859_1));
			return readAnswer();
		}
		catch (IOException | NumberFormatException ex) {
			throw new ExchangeFailedException(outcomeOf(ex, reused), ex + " after " + this.received
					+ " bytes of answer " + this.exchanges + " to local port " + localPort(), ex);
		}
	}

	private Outcome outcomeOf(Exception ex, boolean reused) {
		if (ex instanceof SocketTimeoutException) {
			return Outcome.HANG;
		}
		if (ex instanceof ProtocolException || ex instanceof NumberFormatException) {
			return Outcome.MALFORMED;
		}
		if (this.received > 0) {
			return Outcome.TRUNCATED;
		}
		if (reused) {
			return Outcome.STALE_KEEPALIVE;
		}
		return (ex instanceof EOFException) ? Outcome.CLOSED_BEFORE_RESPONSE : Outcome.RESET_BEFORE_RESPONSE;
	}

	private HttpAnswer readAnswer() throws IOException {
		String statusLine = readLine();
		if (!statusLine.startsWith("HTTP/1.1 ") || statusLine.length() < 12) {
			throw new ProtocolException("Not a status line: '" + statusLine + "'");
		}
		int status = Integer.parseInt(statusLine.substring(9, 12));
		Map<String, String> headers = readHeaders();
		return new HttpAnswer(status, headers, readBody(status, headers));
	}

	private Map<String, String> readHeaders() throws IOException {
		Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		for (String line = readLine(); !line.isEmpty(); line = readLine()) {
			int colon = line.indexOf(':');
			if (colon <= 0) {
				throw new ProtocolException("Not a header: '" + line + "'");
			}
			headers.merge(line.substring(0, colon), line.substring(colon + 1).trim(), (one, two) -> one + ", " + two);
		}
		return headers;
	}

	private byte[] readBody(int status, Map<String, String> headers) throws IOException {
		if (status < 200 || status == 204 || status == 304) {
			return new byte[0];
		}
		if ("chunked".equalsIgnoreCase(headers.get("Transfer-Encoding"))) {
			return readChunks();
		}
		String length = headers.get("Content-Length");
		if (length != null) {
			return readExactly(Integer.parseInt(length));
		}
		return this.input.readAllBytes();
	}

	private byte[] readChunks() throws IOException {
		ByteArrayOutputStream body = new ByteArrayOutputStream();
		while (true) {
			int size = Integer.parseInt(readLine().split(";", 2)[0].trim(), 16);
			if (size == 0) {
				readHeaders();
				return body.toByteArray();
			}
			body.write(readExactly(size));
			if (!readLine().isEmpty()) {
				throw new ProtocolException("A chunk is longer than its size");
			}
		}
	}

	private byte[] readExactly(int length) throws IOException {
		byte[] bytes = this.input.readNBytes(length);
		if (bytes.length < length) {
			throw new EOFException("closed after " + bytes.length + " of " + length + " bytes");
		}
		return bytes;
	}

	private String readLine() throws IOException {
		StringBuilder line = new StringBuilder();
		while (true) {
			int next = this.input.read();
			if (next < 0) {
				throw new EOFException("closed");
			}
			if (next == '\n') {
				int length = line.length();
				return (length > 0 && line.charAt(length - 1) == '\r') ? line.substring(0, length - 1)
						: line.toString();
			}
			if (line.length() == LONGEST_LINE) {
				throw new ProtocolException("A line is too long");
			}
			line.append((char) next);
		}
	}

	private int receive(InputStream from, byte[] bytes, int offset, int length) throws IOException {
		long remaining = TimeUnit.NANOSECONDS.toMillis(this.deadline - System.nanoTime());
		if (remaining <= 0) {
			throw new SocketTimeoutException("no whole answer in time");
		}
		this.socket.setSoTimeout((int) remaining);
		int count = from.read(bytes, offset, length);
		this.received += Math.max(count, 0);
		return count;
	}

	int localPort() {
		return this.socket.getLocalPort();
	}

	/**
	 * Waits until the server closes the connection while nothing is asked of it.
	 * @param limit the longest wait
	 * @return whether it was closed in order
	 * @throws IOException if it was reset, or is still open after that time
	 */
	boolean awaitClose(Duration limit) throws IOException {
		this.deadline = System.nanoTime() + limit.toNanos();
		return this.input.read() < 0;
	}

	/**
	 * Looks whether the server has closed the connection while nothing is asked of it.
	 * @return whether it was closed in order
	 * @throws IOException if it was reset, or something came that was not asked for
	 */
	boolean isEnded() throws IOException {
		this.socket.setSoTimeout(1);
		try {
			if (this.input.available() == 0 && this.socket.getInputStream().read() < 0) {
				return true;
			}
			throw new ProtocolException("An answer to nothing");
		}
		catch (SocketTimeoutException ex) {
			return false;
		}
	}

	@Override
	public void close() {
		closeQuietly(this.socket);
	}

	private static void closeQuietly(Socket socket) {
		try {
			socket.close();
		}
		catch (IOException ex) {
			// the socket is given up either way
		}
	}

}
