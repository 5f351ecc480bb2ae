package io.github.bootcluster.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on a scrape of Prometheus, which shows the whole cluster.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PrometheusIT {

	private static final String COUNTED = "http_server_requests_seconds_count";

	private static final String PATH = "/request";

	private static final Path DOCS = Path.of("../docs").toAbsolutePath().normalize();

	private static ClusterProcess process;

	@TempDir
	private Path folder;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("prometheus")
			.workers(2)
			.args("--management.endpoints.web.exposure.include=prometheus,cluster",
					"--cluster.respawn.healthy-after=1s", "--cluster.worker.heartbeat-timeout=0")
			.startReady();
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
	}

	@Test
	@Order(1)
	void anyWorkerShowsTheMetersOfAllAndThoseOfTheMasterOnce() throws Exception {
		for (int i = 0; i < 2; i++) {
			List<String> lines = scrape();
			assertThat(samples(lines, "jvm_threads_live_threads")).hasSize(2)
				.anyMatch((line) -> line.contains("worker=\"1\""))
				.anyMatch((line) -> line.contains("worker=\"2\""));
			assertThat(samples(lines, "cluster_worker_forks_total"))
				.containsExactly("cluster_worker_forks_total{process=\"master\"} 2.0");
			assertThat(samples(lines, "cluster_worker_scraped")).hasSize(2).allMatch((line) -> line.endsWith(" 1.0"));
			List<String> types = lines.stream().filter((line) -> line.startsWith("# TYPE")).toList();
			assertThat(types).doesNotHaveDuplicates().contains("# TYPE cluster_connections_accepted_total counter");
		}
		assertThat(samples(scrape("?worker=2"), "")).isNotEmpty().allMatch((line) -> line.contains("worker=\"2\""));
		assertThat(samples(scrape("?includedNames=cluster_workers_wanted"), ""))
			.containsExactly("cluster_workers_wanted{process=\"master\"} 2.0");
	}

	@Test
	@Order(2)
	void otherFormatsShowTheSame() throws Exception {
		String open = process.get("/actuator/prometheus", "Accept: application/openmetrics-text;version=1.0.0").text();
		assertThat(open).endsWith("# EOF\n").contains("cluster_connections_accepted_total{process=\"master\"}");
		HttpAnswer protobuf = process.get("/actuator/prometheus",
				"Accept: application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited");
		assertThat(protobuf.header("Content-Type")).startsWith("application/vnd.google.protobuf");
		assertThat(protobuf.text()).contains("cluster_connections_accepted_total");
	}

	@Test
	@Order(3)
	void sumOverARestartIsWhatTheClientsHaveCounted() throws Exception {
		Set<Long> old = process.workers();
		LoadReport report;
		try (LoadClient client = LoadClient.newConnections(process.port()).path(PATH).threads(2).start()) {
			client.awaitMore(20);
			Restart restart = Restart.begin(process);
			double last = 0;
			while (process.workers().stream().anyMatch(old::contains)) {
				double now = counted();
				assertThat(now).isGreaterThanOrEqualTo(last);
				last = now;
			}
			restart.awaitCompleted();
			client.awaitMore(20);
			report = client.stop();
		}
		assertThat(report.lost()).isZero();
		// A worker counts a request a moment after it has been answered
		process.await("sum", () -> counted() == report.count(Outcome.OK));
		assertThat(counted()).isEqualTo(report.count(Outcome.OK));
	}

	@Test
	@Order(4)
	void sumDoesNotFallWhenAWorkerIsKilled() throws Exception {
		double before = counted();
		Set<Long> old = new HashSet<>(process.workers());
		process.killHard(old.iterator().next());
		for (int i = 0; i < 5; i++) {
			assertThat(counted()).isEqualTo(before);
		}
		process.await("a worker in its place", () -> readySlots().size() == 2);
		process.get(PATH);
		process.await("one more", () -> counted() == before + 1);
	}

	@Test
	@Order(5)
	void workerThatStandsStillCostsOneWaitAndIsShownAsItWas() throws Exception {
		double before = counted();
		long still = process.workers().iterator().next();
		process.freeze(still);
		try {
			process.await("the other worker alone",
					() -> samples(scrape(), "cluster_worker_scraped").stream()
						.filter((line) -> line.endsWith(" 0.0"))
						.count() == 1);
			assertThat(counted()).isEqualTo(before);
		}
		finally {
			process.signal("CONT", still);
		}
		process.await("both workers",
				() -> samples(scrape(), "cluster_worker_scraped").stream().allMatch((line) -> line.endsWith(" 1.0")));
	}

	/**
	 * Where {@code prometheus} is installed.
	 */
	@Test
	@Order(6)
	void realPrometheusTakesItForOneTarget() throws Exception {
		Assumptions.assumeTrue(isInstalled("prometheus"), "prometheus is not installed");
		int port = FreePorts.find(InetAddress.getLoopbackAddress());
		Path configuration = Files.writeString(this.folder.resolve("prometheus.yml"), """
				scrape_configs:
				- job_name: cluster
				  scrape_interval: 500ms
				  metrics_path: /actuator/prometheus
				  static_configs:
				  - targets: ['localhost:%d']
				""".formatted(process.port()));
		Process prometheus = new ProcessBuilder("prometheus", "--config.file=" + configuration,
				"--storage.tsdb.path=" + this.folder.resolve("data"), "--web.listen-address=127.0.0.1:" + port)
			.redirectErrorStream(true)
			.redirectOutput(this.folder.resolve("log").toFile())
			.start();
		try {
			double expected = counted();
			process.await("scraped", () -> query(port, "up").equals(List.of(1.0)));
			assertThat(query(port, "sum(%s{uri=\"%s\"})".formatted(COUNTED, PATH))).containsExactly(expected);
			assertThat(query(port, "sum(rate(%s[10s])) < 0".formatted(COUNTED))).isEmpty();
		}
		finally {
			prometheus.destroy();
			assertThat(prometheus.waitFor(20, TimeUnit.SECONDS)).isTrue();
		}
	}

	/**
	 * Where {@code promtool} is installed.
	 */
	@Test
	@Order(7)
	void scrapeIsValid() throws Exception {
		Assumptions.assumeTrue(isInstalled("promtool"), "promtool is not installed");
		Path scrape = Files.write(this.folder.resolve("scrape"), scrape());
		Path output = this.folder.resolve("output");
		int code = new ProcessBuilder("promtool", "check", "metrics").redirectInput(scrape.toFile())
			.redirectErrorStream(true)
			.redirectOutput(output.toFile())
			.start()
			.waitFor();
		assertThat(code).as(Files.readString(output)).isIn(0, 3);
		assertThat(Files.readAllLines(output)).as("advice on names").noneMatch((line) -> line.startsWith("cluster_"));
	}

	@Test
	@Order(8)
	void alertRulesAndDashboardNameMetersThatThereAre() throws Exception {
		List<String> lines = scrape();
		for (String file : List.of("prometheus/alerts.yml", "grafana/cluster.json")) {
			Set<String> names = new TreeSet<>();
			Matcher matcher = Pattern.compile("\\b(cluster|http_server|jvm)_[a-z_]+")
				.matcher(Files.readString(DOCS.resolve(file)));
			while (matcher.find()) {
				names.add(matcher.group());
			}
			assertThat(names).hasSizeGreaterThan(5)
				.allSatisfy((name) -> assertThat(samples(lines, name)).as(file).isNotEmpty());
		}
	}

	@Test
	@Order(9)
	void queriesOfTheDashboardAreValid() throws Exception {
		JsonNode dashboard = JsonMapper.shared().readTree(DOCS.resolve("grafana/cluster.json"));
		List<String> queries = new ArrayList<>();
		dashboard.get("panels")
			.forEach((panel) -> panel.get("targets").forEach((target) -> queries.add(target.get("expr").asString())));
		dashboard.at("/annotations/list").forEach((annotation) -> queries.add(annotation.get("expr").asString()));
		assertThat(queries).hasSizeGreaterThan(10);
		Assumptions.assumeTrue(isInstalled("promtool"), "promtool is not installed");
		StringBuilder rules = new StringBuilder("groups:\n- name: dashboard\n  rules:\n");
		for (int i = 0; i < queries.size(); i++) {
			rules.append("  - record: query%d\n    expr: '%s'\n".formatted(i, queries.get(i)));
		}
		Path file = Files.writeString(this.folder.resolve("rules.yml"), rules);
		assertThat(promtool("check", "rules", file.toString())).isZero();
	}

	/**
	 * Where {@code promtool} is installed.
	 */
	@Test
	@Order(9)
	void alertRulesDoWhatTheySay() throws Exception {
		Assumptions.assumeTrue(isInstalled("promtool"), "promtool is not installed");
		assertThat(promtool("test", "rules", DOCS.resolve("prometheus/alerts-test.yml").toString())).isZero();
	}

	private int promtool(String... arguments) throws Exception {
		List<String> command = new ArrayList<>(List.of("promtool"));
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(this.folder.resolve("output").toFile())
			.start()
			.waitFor();
	}

	private static boolean isInstalled(String program) {
		return Stream.of(System.getenv("PATH").split(":"))
			.anyMatch((folder) -> Files.isExecutable(Path.of(folder, program)));
	}

	private static List<Double> query(int port, String query) throws InterruptedException {
		URI uri = URI.create("http://127.0.0.1:%d/api/v1/query?query=%s".formatted(port,
				URLEncoder.encode(query, StandardCharsets.UTF_8)));
		List<Double> values = new ArrayList<>();
		try {
			HttpResponse<String> answer = HttpClient.newHttpClient()
				.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
			if (answer.statusCode() == 200) {
				JsonNode result = JsonMapper.shared().readTree(answer.body()).at("/data/result");
				result.forEach((series) -> values.add(Double.valueOf(series.get("value").get(1).asString())));
			}
		}
		catch (IOException ex) {
			// It has not started yet
		}
		return values;
	}

	private static List<Integer> readySlots() throws ExchangeFailedException {
		List<Integer> slots = new ArrayList<>();
		process.status().get("workers").forEach((worker) -> {
			if (worker.get("state").asString().equals("READY")) {
				slots.add(worker.get("slot").asInt());
			}
		});
		return slots;
	}

	private static double counted() throws ExchangeFailedException {
		return samples(scrape(), COUNTED).stream()
			.filter((line) -> line.contains("uri=\"" + PATH + "\""))
			.mapToDouble((line) -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
			.sum();
	}

	private static List<String> samples(List<String> lines, String name) {
		return lines.stream()
			.filter((line) -> !line.startsWith("#") && line.startsWith(name.isEmpty() ? "" : name + "{"))
			.toList();
	}

	private static List<String> scrape() throws ExchangeFailedException {
		return scrape("");
	}

	private static List<String> scrape(String query) throws ExchangeFailedException {
		HttpAnswer answer = process.get("/actuator/prometheus" + query);
		assertThat(answer.status()).as(answer.text()).isEqualTo(200);
		return answer.text().lines().toList();
	}

}
