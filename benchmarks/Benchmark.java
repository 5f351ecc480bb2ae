import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Measures the sample as a cluster against the same sample unclustered. All run side by
 * side and take turns within each round, so that whatever else the machine does hits all
 * alike: only the ratios mean anything. The load comes from {@code wrk}, at half load from
 * {@code h2load} where that is there; Node's {@code cluster}, and nginx in front of two
 * unclustered applications, are measured beside where {@code node} and {@code nginx} are
 * there.
 * <p>
 * Usage: {@code java benchmarks/Benchmark.java [rounds] [seconds]}. It prints a table, and
 * writes {@code target/benchmark.json}.
 */
public final class Benchmark {

	/**
	 * Each worker compiles its own code, by its part of the requests.
	 */
	private static final int WARM_UP = 4;

	private static final int PROBES = 4;

	private static final List<Load> LOADS = List.of(
			new Load("keep-alive, hello world", "/", 32, false), new Load("keep-alive, 5 ms wait", "/slow?duration=5ms", 128, false),
			new Load("keep-alive, 1 ms of processor time", "/work?duration=1ms", 32, false),
			new Load("new connections, hello world", "/", 32, true));

	private final int rounds;

	private final int seconds;

	private final Map<String, double[]> figures = new LinkedHashMap<>();

	private Benchmark(int rounds, int seconds) {
		this.rounds = rounds;
		this.seconds = seconds;
	}

	public static void main(String[] args) throws Exception {
		int rounds = (args.length > 0) ? Integer.parseInt(args[0]) : 5;
		int seconds = (args.length > 1) ? Integer.parseInt(args[1]) : 4;
		Benchmark benchmark = new Benchmark(rounds, seconds);
		try {
			benchmark.measureStarts();
			benchmark.measureThroughput();
			benchmark.measureRestart();
			if (isThere("node")) {
				benchmark.measureNode();
			}
			if (isThere("nginx")) {
				benchmark.measureNginx();
			}
		}
		finally {
			benchmark.print();
		}
	}

	private static boolean isThere(String program) {
		return Stream.of(System.getenv("PATH").split(":")).anyMatch((folder) -> Files.isExecutable(Path.of(folder, program)));
	}

	private void measureStarts() throws Exception {
		for (int round = 0; round < Math.min(3, this.rounds); round++) {
			Path archives = Files.createTempDirectory("benchmark-");
			try {
				double single = start(0, archives);
				note("start of 2 workers ÷ unclustered, first ever", 3, round, start(2, archives) / single);
				note("start of 2 workers ÷ unclustered, from the second on", 3, round, start(2, archives) / single);
			}
			finally {
				delete(archives);
			}
		}
	}

	private static double start(int workers, Path archives) throws Exception {
		long begin = System.nanoTime();
		try (Application application = Application.sample(workers, archives)) {
			application.awaitServers();
			return (System.nanoTime() - begin) / 1e9;
		}
	}

	private void measureThroughput() throws Exception {
		Path archives = Files.createTempDirectory("benchmark-");
		try (Application single = Application.sample(0, archives);
				Application one = Application.sample(1, archives).awaitServers();
				Application two = Application.sample(2, archives).awaitServers();
				Application shared = Application.sample(2, archives, "--cluster.distribution=shared").awaitServers();
				Application slots = Application.sample(2, archives, "--cluster.distribution=reuse-port").awaitServers();
				Application four = Application.sample(4, archives).awaitServers()) {
			single.awaitServers();
			TimeUnit.SECONDS.sleep(60);
			measureIdle(single, four);
			Map<String, Application> clusters = new LinkedHashMap<>();
			clusters.put("2 workers", two);
			clusters.put("4 workers", four);
			clusters.put("1 worker", one);
			Map<String, Application> others = new LinkedHashMap<>();
			others.put("2 workers, shared", shared);
			others.put("2 workers, reuse-port", slots);
			Load reconnecting = LOADS.get(LOADS.size() - 1);
			for (int round = 0; round < WARM_UP; round++) {
				for (Load load : LOADS) {
					for (Application application : List.of(single, one, two, four)) {
						load.run(application.port, this.seconds);
					}
				}
				for (Application application : others.values()) {
					LOADS.get(0).run(application.port, this.seconds);
					reconnecting.run(application.port, this.seconds);
				}
			}
			for (int round = 0; round < this.rounds; round++) {
				for (Load load : LOADS) {
					double base = load.run(single.port, this.seconds).perSecond();
					for (Map.Entry<String, Application> cluster : clusters.entrySet()) {
						long before = cluster.getValue().processorTicks();
						Result result = load.run(cluster.getValue().port, this.seconds);
						note("%s: %s ÷ unclustered".formatted(load.name(), cluster.getKey()), this.rounds, round,
								result.perSecond() / base);
						if (load.reconnecting() && cluster.getKey().equals("2 workers")) {
							note("processor time of the master per new connection, µs", this.rounds, round,
									(cluster.getValue().processorTicks() - before) * 1e4 / result.requests());
						}
					}
					if (load.reconnecting()) {
						for (Map.Entry<String, Application> other : others.entrySet()) {
							note("%s: %s ÷ unclustered".formatted(load.name(), other.getKey()), this.rounds, round,
									load.run(other.getValue().port, this.seconds).perSecond() / base);
						}
					}
					else if (load == LOADS.get(0) && isThere("h2load")) {
						int rate = (int) (base / 2);
						note("half load, hello world: 99th percentile, 2 workers ÷ unclustered", this.rounds, round,
								HalfLoad.percentile(two.port, rate, this.seconds)
										/ HalfLoad.percentile(single.port, rate, this.seconds));
					}
				}
			}
			double base = single.proportionalMegabytes(single.pid());
			note("PSS of a worker of 2 after the load ÷ unclustered", 1, 0, two.workerMegabytes() / base);
			note("PSS of a worker of 4 after the load ÷ unclustered", 1, 0, four.workerMegabytes() / base);
			note("PSS of the unclustered application after the load, MB", 1, 0, base);
		}
		finally {
			delete(archives);
		}
	}

	private void measureIdle(Application single, Application cluster) throws Exception {
		int idle = 20;
		long master = cluster.pid();
		long worker = cluster.workers().get(0);
		long[] before = { ticks(master), switches(master), ticks(worker), ticks(single.pid()) };
		TimeUnit.SECONDS.sleep(idle);
		note("idle: processor time of the master of 4, ms/s", 1, 0, (ticks(master) - before[0]) * 10.0 / idle);
		note("idle: context switches of the master of 4 per second", 1, 0, (switches(master) - before[1]) / (double) idle);
		note("idle: processor time of a worker of 4, ms/s", 1, 0, (ticks(worker) - before[2]) * 10.0 / idle);
		note("idle: processor time of the unclustered application, ms/s", 1, 0,
				(ticks(single.pid()) - before[3]) * 10.0 / idle);
		note("PSS of the master of 4, one minute after its start, MB", 1, 0, cluster.proportionalMegabytes(master));
	}

	private void measureRestart() throws Exception {
		Path archives = Files.createTempDirectory("benchmark-");
		try (Application cluster = Application.sample(2, archives).awaitServers()) {
			Load load = LOADS.get(0);
			load.run(cluster.port, 2 * this.seconds);
			AtomicBoolean ended = new AtomicBoolean();
			Thread saturation = new Thread(() -> {
				while (!ended.get()) {
					load.run(cluster.port, 2);
				}
			});
			List<Latencies> probes = Stream.generate(() -> new Latencies(cluster.port, ended)).limit(PROBES).toList();
			saturation.start();
			probes.forEach(Thread::start);
			TimeUnit.SECONDS.sleep(2);
			long begin = System.nanoTime();
			int status = cluster.post("/actuator/cluster/restart?wait=true");
			double took = (System.nanoTime() - begin) / 1e9;
			ended.set(true);
			saturation.join();
			for (Latencies probe : probes) {
				probe.join();
			}
			if (status != 200) {
				throw new IllegalStateException("The restart was answered with " + status);
			}
			note("rolling restart of 2 workers under saturation, s", 1, 0, took);
			List<Double> latencies = probes.stream().flatMap((probe) -> probe.millis.stream()).toList();
			note("… longest time in which none of %d clients got an answer, ms".formatted(PROBES), 1, 0, Latencies.gap(probes));
			note("… longest answer to a new connection meanwhile, ms", 1, 0, percentile(latencies, 1));
			note("… p99 of new connections meanwhile, ms", 1, 0, percentile(latencies, 0.99));
		}
		finally {
			delete(archives);
		}
	}

	private void measureNode() throws Exception {
		Path script = Files.writeString(Files.createTempFile("benchmark-", ".js"), """
				const cluster = require('cluster'), http = require('http');
				const [port, workers] = process.argv.slice(2).map(Number);
				if (workers > 0 && cluster.isPrimary) {
				  for (let i = 0; i < workers; i++) cluster.fork();
				} else {
				  http.createServer((request, response) => response.end('{"pid":' + process.pid + '}')).listen(port);
				}
				""");
		try (Application single = Application.node(script, 0).awaitServers();
				Application cluster = Application.node(script, 2).awaitServers()) {
			for (Load load : List.of(LOADS.get(0), LOADS.get(3))) {
				load.run(single.port, this.seconds);
				load.run(cluster.port, this.seconds);
				for (int round = 0; round < peerRounds(); round++) {
					double base = load.run(single.port, this.seconds).perSecond();
					note("Node: %s: 2 workers ÷ one process".formatted(load.name()), peerRounds(), round,
							load.run(cluster.port, this.seconds).perSecond() / base);
				}
			}
		}
		finally {
			Files.delete(script);
		}
	}

	/**
	 * What a user would do without a cluster: two applications, and a proxy in front.
	 */
	private void measureNginx() throws Exception {
		Path folder = Files.createTempDirectory("benchmark-");
		try (Application single = Application.sample(0, folder);
				Application first = Application.sample(0, folder);
				Application second = Application.sample(0, folder);
				Application proxy = Application.nginx(folder, first.port, second.port)) {
			for (Application application : List.of(single, first, second, proxy)) {
				application.awaitServers();
			}
			for (Load load : List.of(LOADS.get(0), LOADS.get(LOADS.size() - 1))) {
				for (int round = 0; round < WARM_UP; round++) {
					load.run(single.port, this.seconds);
					load.run(proxy.port, 2 * this.seconds);
				}
				for (int round = 0; round < peerRounds(); round++) {
					double base = load.run(single.port, this.seconds).perSecond();
					note("nginx before 2 applications: %s ÷ one application".formatted(load.name()), peerRounds(), round,
							load.run(proxy.port, this.seconds).perSecond() / base);
				}
			}
		}
		finally {
			delete(folder);
		}
	}

	private int peerRounds() {
		return Math.min(3, this.rounds);
	}

	private void note(String figure, int count, int round, double value) {
		this.figures.computeIfAbsent(figure, (key) -> new double[count])[round] = value;
		System.err.printf(Locale.ROOT, "%-70s %8.2f%n", figure, value);
	}

	private void print() throws IOException {
		StringBuilder json = new StringBuilder("{\n");
		System.out.printf("| Java %s, %d processors | median | lowest | highest |%n|---|---|---|---|%n",
				System.getProperty("java.version"), Runtime.getRuntime().availableProcessors());
		this.figures.forEach((figure, values) -> {
			double[] sorted = values.clone();
			Arrays.sort(sorted);
			double median = sorted[sorted.length / 2];
			System.out.printf(Locale.ROOT, (sorted.length > 1) ? "| %s | %.2f | %.2f | %.2f |%n" : "| %s | %.2f | | |%n", figure,
					median, sorted[0], sorted[sorted.length - 1]);
			json.append("  \"%s\": %s,%n".formatted(figure, Arrays.toString(values)));
		});
		Path file = Path.of("target", "benchmark.json");
		Files.createDirectories(file.getParent());
		Files.writeString(file, json + "  \"rounds\": %d%n}%n".formatted(this.rounds));
	}

	private static long ticks(long pid) throws IOException {
		String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
		String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
		return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
	}

	private static long switches(long pid) throws IOException {
		long sum = 0;
		try (var threads = Files.newDirectoryStream(Path.of("/proc", Long.toString(pid), "task"))) {
			for (Path thread : threads) {
				sum += Files.readAllLines(thread.resolve("status"))
					.stream()
					.filter((line) -> line.startsWith("voluntary_ctxt_switches"))
					.mapToLong((line) -> Long.parseLong(line.replaceAll("\\D", "")))
					.sum();
			}
		}
		return sum;
	}

	private static void delete(Path tree) throws IOException {
		try (Stream<Path> files = Files.walk(tree)) {
			for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
				Files.delete(file);
			}
		}
	}

	private record Result(double perSecond, long requests) {

	}

	private record Load(String name, String path, int connections, boolean reconnecting) {

		private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");

		private static final Pattern PER_SECOND = Pattern.compile("Requests/sec: +([\\d.]+)");

		private static final Pattern ERRORS = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");

		Result run(int port, int seconds) {
			List<String> command = new ArrayList<>(List.of("wrk", "-t1", "-c" + this.connections, "-d" + seconds + "s"));
			if (this.reconnecting) {
				command.addAll(List.of("-H", "Connection: close"));
			}
			command.add("http://127.0.0.1:" + port + this.path);
			try {
				Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
				String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
				if (process.waitFor() != 0 || ERRORS.matcher(said).find()) {
					throw new IllegalStateException(said);
				}
				return new Result(number(PER_SECOND, said), (long) number(REQUESTS, said));
			}
			catch (IOException ex) {
				throw new UncheckedIOException("wrk is needed (Debian: apt install wrk)", ex);
			}
			catch (InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		private static double number(Pattern pattern, String text) {
			Matcher matcher = pattern.matcher(text);
			if (!matcher.find()) {
				throw new IllegalStateException(text);
			}
			return Double.parseDouble(matcher.group(1));
		}

	}

	/**
	 * How long new connections take until they are answered, one every 10 ms.
	 */
	private static final class Latencies extends Thread {

		private final List<Double> millis = new ArrayList<>();

		private final List<Long> answeredAt = new ArrayList<>();

		private final int port;

		private final AtomicBoolean ended;

		Latencies(int port, AtomicBoolean ended) {
			this.port = port;
			this.ended = ended;
		}

		@Override
		public void run() {
			try {
				while (!this.ended.get()) {
					long begin = System.nanoTime();
					answer(this.port);
					this.millis.add((System.nanoTime() - begin) / 1e6);
					this.answeredAt.add(System.nanoTime());
					TimeUnit.MILLISECONDS.sleep(10);
				}
			}
			catch (IOException | InterruptedException ex) {
				throw new IllegalStateException(ex);
			}
		}

		static double gap(List<Latencies> probes) {
			List<Long> answers = probes.stream().flatMap((probe) -> probe.answeredAt.stream()).sorted().toList();
			long longest = 0;
			for (int i = 1; i < answers.size(); i++) {
				longest = Math.max(longest, answers.get(i) - answers.get(i - 1));
			}
			return longest / 1e6;
		}

	}

	private static double percentile(List<Double> values, double part) {
		List<Double> sorted = values.stream().sorted().toList();
		return sorted.get((int) Math.min(sorted.size() - 1, sorted.size() * part));
	}

	/**
	 * Requests at a fixed rate over kept connections.
	 */
	private static final class HalfLoad {

		private static final int CONNECTIONS = 16;

		static double percentile(int port, int rate, int seconds) throws IOException, InterruptedException {
			Path log = Files.createTempFile("benchmark-", ".log");
			try {
				Process process = new ProcessBuilder("h2load", "--h1", "-c" + CONNECTIONS, "-D" + seconds, "--warm-up-time=1",
						"--rps=" + Math.max(1, rate / CONNECTIONS), "--log-file=" + log, "http://127.0.0.1:" + port + "/")
					.redirectErrorStream(true)
					.redirectOutput(ProcessBuilder.Redirect.DISCARD)
					.start();
				if (process.waitFor() != 0) {
					throw new IllegalStateException("h2load failed");
				}
				return Benchmark.percentile(
						Files.readAllLines(log).stream().map((line) -> Double.valueOf(line.split("\t")[2])).toList(), 0.99);
			}
			finally {
				Files.delete(log);
			}
		}

	}

	private static String answer(int port) throws IOException {
		try (Socket socket = new Socket()) {
			socket.setSoTimeout(10_000);
			socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
			socket.getOutputStream()
				.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
			InputStream in = socket.getInputStream();
			String answer = new String(in.readAllBytes(), StandardCharsets.UTF_8);
			if (!answer.startsWith("HTTP/1.1 200")) {
				throw new IOException("Answered: " + answer);
			}
			return answer;
		}
	}

	private static final class Application implements AutoCloseable {

		private static final Pattern PID = Pattern.compile("\"pid\" ?: ?(\\d+)");

		private final int port;

		private final int workers;

		private final Process process;

		private Application(int workers, Function<Integer, ProcessBuilder> command) throws IOException {
			try (ServerSocket probe = new ServerSocket(0)) {
				this.port = probe.getLocalPort();
			}
			this.workers = workers;
			ProcessBuilder process = command.apply(this.port);
			// As a service manager starts it. Linux schedules the processes of a session as
			// a group: one beside the load generator would get its processor time
			process.command().add(0, "setsid");
			this.process = process.redirectErrorStream(true)
				.redirectOutput(ProcessBuilder.Redirect.DISCARD)
				.start();
		}

		static Application sample(int workers, Path archives, String... further) throws IOException {
			Path jar;
			try (var files = Files.newDirectoryStream(Path.of("sample-app", "target"), "sample-app-*.jar")) {
				jar = files.iterator().next();
			}
			return new Application(workers, (port) -> {
				List<String> command = new ArrayList<>(List.of(
						Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-jar", jar.toString(),
						"--server.port=" + port, "--cluster.workers=" + workers, "--cluster.archive.directory=" + archives));
				command.addAll(List.of(further));
				return new ProcessBuilder(command);
			});
		}

		static Application nginx(Path folder, int... upstreams) throws IOException {
			StringBuilder servers = new StringBuilder();
			for (int upstream : upstreams) {
				servers.append("server 127.0.0.1:%d; ".formatted(upstream));
			}
			return new Application(upstreams.length, (port) -> {
				String configuration = """
						worker_processes auto; pid %1$s/nginx.pid; daemon off; error_log stderr;
						events { worker_connections 1024; }
						http {
						  access_log off;
						  client_body_temp_path %1$s/body; proxy_temp_path %1$s/proxy; fastcgi_temp_path %1$s/fastcgi;
						  uwsgi_temp_path %1$s/uwsgi; scgi_temp_path %1$s/scgi;
						  upstream applications { %2$s keepalive 64; }
						  server {
						    listen 127.0.0.1:%3$d;
						    location / {
						      proxy_pass http://applications; proxy_http_version 1.1; proxy_set_header Connection "";
						    }
						  }
						}
						""".formatted(folder, servers, port);
				try {
					Path file = Files.writeString(folder.resolve("nginx.conf"), configuration);
					return new ProcessBuilder("nginx", "-c", file.toString());
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			});
		}

		static Application node(Path script, int workers) throws IOException {
			return new Application(workers,
					(port) -> new ProcessBuilder("node", script.toString(), port.toString(), Integer.toString(workers)));
		}

		long pid() {
			return this.process.pid();
		}

		List<Long> workers() {
			return this.process.children()
				.filter((child) -> !child.info().command().orElse("").endsWith("cat"))
				.map(ProcessHandle::pid)
				.toList();
		}

		/**
		 * Waits until as many processes answer as there should.
		 */
		Application awaitServers() throws Exception {
			await(() -> {
				List<String> pids = new ArrayList<>();
				for (int i = 0; i < 3 * Math.max(1, this.workers); i++) {
					Matcher matcher = PID.matcher(answer(this.port));
					if (matcher.find()) {
						pids.add(matcher.group(1));
					}
				}
				return pids.stream().distinct().count() == Math.max(1, this.workers);
			});
			return this;
		}

		private void await(Callable<Boolean> condition) throws Exception {
			long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
			while (System.nanoTime() < end) {
				try {
					if (condition.call()) {
						return;
					}
				}
				catch (IOException ex) {
					// It does not listen yet
				}
				TimeUnit.MILLISECONDS.sleep(20);
			}
			throw new IllegalStateException("The application did not start");
		}

		int post(String path) throws IOException {
			HttpURLConnection connection = (HttpURLConnection) URI.create("http://127.0.0.1:" + this.port + path)
				.toURL()
				.openConnection();
			connection.setRequestMethod("POST");
			return connection.getResponseCode();
		}

		long processorTicks() throws IOException {
			return ticks(pid());
		}

		double workerMegabytes() {
			return workers().stream().mapToDouble(this::proportionalMegabytes).average().orElseThrow();
		}

		double proportionalMegabytes(long pid) {
			try {
				return Files.readAllLines(Path.of("/proc", Long.toString(pid), "smaps_rollup"))
					.stream()
					.filter((line) -> line.startsWith("Pss:"))
					.mapToDouble((line) -> Long.parseLong(line.replaceAll("\\D", "")) / 1024.0)
					.findFirst()
					.orElseThrow();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		@Override
		public void close() throws InterruptedException {
			this.process.destroy();
			if (!this.process.waitFor(60, TimeUnit.SECONDS)) {
				this.process.destroyForcibly();
			}
		}

	}

}
