import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures the sample as a cluster against the same sample unclustered. Both run side by
 * side, and rounds on the one and the other take turns, so that whatever else the machine
 * does hits both alike: only the ratios mean anything.
 * <p>
 * Usage: {@code java benchmarks/Throughput.java [workers] [rounds] [seconds]}
 */
public final class Throughput {

	private static final int CLIENTS = 16;

	/**
	 * Rounds before the measurement: of two workers each compiles its own code, and gets
	 * half of the requests to do so by.
	 */
	private static final int WARM_UP = 10;

	private static final byte[] KEEP_ALIVE = request("keep-alive");

	private static final byte[] CLOSE = request("close");

	private Throughput() {
	}

	public static void main(String[] args) throws Exception {
		int workers = (args.length > 0) ? Integer.parseInt(args[0]) : 2;
		int rounds = (args.length > 1) ? Integer.parseInt(args[1]) : 7;
		int seconds = (args.length > 2) ? Integer.parseInt(args[2]) : 4;
		try (Application single = new Application(0); Application cluster = new Application(workers)) {
			single.awaitServers(1);
			cluster.awaitServers(workers);
			for (int round = 0; round < WARM_UP; round++) {
				for (Application application : List.of(single, cluster)) {
					load(application.port, true, seconds);
					load(application.port, false, seconds);
				}
			}
			double[][] ratios = new double[2][rounds];
			for (int round = 0; round < rounds; round++) {
				for (boolean keepAlive : new boolean[] { true, false }) {
					double base = load(single.port, keepAlive, seconds);
					double measured = load(cluster.port, keepAlive, seconds);
					ratios[keepAlive ? 0 : 1][round] = measured / base;
					System.out.printf("round %d  %-24s unclustered %8.0f/s  cluster %8.0f/s  ratio %.2f%n", round + 1,
							keepAlive ? "keep-alive requests" : "new connections", base, measured, measured / base);
				}
			}
			print("keep-alive requests/s", ratios[0]);
			print("new connections/s", ratios[1]);
			System.out.printf("resident memory: unclustered %d MB, master %d MB, ratio %.2f%n", single.residentMegabytes(),
					cluster.residentMegabytes(), (double) cluster.residentMegabytes() / single.residentMegabytes());
		}
	}

	private static void print(String what, double[] ratios) {
		Arrays.sort(ratios);
		System.out.printf("%s, %s: median ratio %.2f (%.2f to %.2f, %d rounds)%n", what, "cluster / unclustered",
				ratios[ratios.length / 2], ratios[0], ratios[ratios.length - 1], ratios.length);
	}

	private static double load(int port, boolean keepAlive, int seconds) throws InterruptedException {
		long start = System.nanoTime();
		long end = start + TimeUnit.SECONDS.toNanos(seconds);
		AtomicLong requests = new AtomicLong();
		AtomicLong failures = new AtomicLong();
		CountDownLatch done = new CountDownLatch(CLIENTS);
		for (int i = 0; i < CLIENTS; i++) {
			new Thread(() -> {
				try {
					requests.addAndGet(keepAlive ? reuse(port, end) : reconnect(port, end));
				}
				catch (IOException ex) {
					failures.incrementAndGet();
				}
				done.countDown();
			}).start();
		}
		done.await();
		if (failures.get() > 0) {
			throw new IllegalStateException(failures + " clients failed");
		}
		return requests.get() / ((System.nanoTime() - start) / 1e9);
	}

	private static long reuse(int port, long end) throws IOException {
		long count = 0;
		try (Socket socket = connect(port)) {
			InputStream in = new BufferedInputStream(socket.getInputStream());
			for (; System.nanoTime() < end; count++) {
				socket.getOutputStream().write(KEEP_ALIVE);
				readResponse(in);
			}
		}
		return count;
	}

	private static long reconnect(int port, long end) throws IOException {
		long count = 0;
		for (; System.nanoTime() < end; count++) {
			try (Socket socket = connect(port)) {
				// Sockets in TIME_WAIT would use up the local ports
				socket.setOption(StandardSocketOptions.SO_LINGER, 0);
				socket.getOutputStream().write(CLOSE);
				readResponse(new BufferedInputStream(socket.getInputStream()));
			}
		}
		return count;
	}

	private static Socket connect(int port) throws IOException {
		Socket socket = new Socket();
		socket.setTcpNoDelay(true);
		socket.setSoTimeout(10_000);
		socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
		return socket;
	}

	private static byte[] request(String connection) {
		return "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: %s\r\n\r\n".formatted(connection)
			.getBytes(StandardCharsets.US_ASCII);
	}

	private static void readResponse(InputStream in) throws IOException {
		int length = -1;
		StringBuilder line = new StringBuilder();
		for (boolean head = true; head;) {
			int read = in.read();
			if (read < 0) {
				throw new IOException("No response");
			}
			if (read != '\n') {
				line.append((char) read);
				continue;
			}
			String header = line.toString().trim().toLowerCase();
			if (header.startsWith("content-length:")) {
				length = Integer.parseInt(header.substring(15).trim());
			}
			head = !header.isEmpty();
			line.setLength(0);
		}
		if (in.readNBytes(length).length != length) {
			throw new IOException("Truncated response");
		}
	}

	private static final class Application implements AutoCloseable {

		private final int port;

		private final Process process;

		Application(int workers) throws IOException {
			try (java.net.ServerSocket probe = new java.net.ServerSocket(0)) {
				this.port = probe.getLocalPort();
			}
			List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java")
				.toString(), "-jar", jar().toString(), "--server.port=" + this.port));
			if (workers > 0) {
				command.add("--cluster.workers=" + workers);
			}
			this.process = new ProcessBuilder(command).redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
		}

		private static Path jar() throws IOException {
			try (var files = Files.newDirectoryStream(Path.of("sample-app", "target"), "sample-app-*.jar")) {
				return files.iterator().next();
			}
		}

		void awaitServers(int count) throws Exception {
			long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
			while (System.nanoTime() < end) {
				long ready = (count > 1) ? this.process.children().count() : 1;
				if (ready == count && answers() && answers() && answers()) {
					// The youngest worker may still be starting
					TimeUnit.SECONDS.sleep(10);
					return;
				}
				TimeUnit.MILLISECONDS.sleep(200);
			}
			throw new IllegalStateException("The sample did not start");
		}

		private boolean answers() {
			try {
				reconnect(this.port, System.nanoTime() + 1_000_000);
				return true;
			}
			catch (IOException ex) {
				return false;
			}
		}

		long residentMegabytes() {
			try {
				return Files.readAllLines(Path.of("/proc", String.valueOf(this.process.pid()), "status"))
					.stream()
					.filter((line) -> line.startsWith("VmRSS:"))
					.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
					.findFirst()
					.orElse(0);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public void close() throws InterruptedException {
			this.process.destroy();
			if (!this.process.waitFor(40, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}

	}

}
