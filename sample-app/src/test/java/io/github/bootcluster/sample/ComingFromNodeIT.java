package io.github.bootcluster.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.bootcluster.guide.GuideApplication;
import org.junit.jupiter.api.AfterAll;
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
 * Runs the guide for users of Node: one application that consists of its Java snippets,
 * with its settings, is asked what its rows promise.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ComingFromNodeIT {

	/**
	 * Settings that exclude some of the others, or need an account or a folder. They run
	 * in the tests of the feature itself.
	 */
	private static final Set<String> ELSEWHERE = Set.of("auto", "account", "shared", "reuse-port", "unix-socket",
			"surge");

	/**
	 * For an answer that comes once a restart has ended.
	 */
	private static final Duration PATIENCE = Duration.ofMinutes(2);

	@TempDir
	private static Path folder;

	private static GuideDocument guide;

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		guide = GuideDocument.read();
		List<String> arguments = new ArrayList<>();
		for (String name : guide.names("properties")) {
			if (!ELSEWHERE.contains(name)) {
				arguments.addAll(guide.arguments(name));
			}
		}
		arguments.add("--management.endpoints.web.exposure.include=health,cluster,metrics");
		arguments.add("--management.endpoint.cluster.access=unrestricted");
		process = ClusterProcess.named("coming-from-node")
			.directory(folder)
			.workersConfiguredElsewhere(2)
			.target(TestApplication.target(GuideApplication.class))
			.args(arguments.toArray(String[]::new))
			.startReady();
		process.awaitLine("Guide: worker 3 is ready");
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
	}

	@Test
	@Order(1)
	void workersKnowWhoTheyAre() throws Exception {
		assertThat(text("/role")).isEqualTo("true");
		JsonNode self = json("/");
		assertThat(text("/states?id=" + self.get("id").asInt())).isEqualTo("true");
		Set<Long> pids = new LinkedHashSet<>();
		json("/workers").forEach((pid) -> pids.add(pid.asLong()));
		assertThat(pids).isEqualTo(process.workers()).contains(self.get("pid").asLong());
		List<String> command = ProcessProbe.commandLine(self.get("pid").asLong());
		assertThat(command).contains("-Dguide.colour=green");
		assertThat(text("/environment?name=GUIDE_REGION")).isEqualTo("north");
		assertThat(run("environment")).isIn("1", "2");
		assertThat(run("list")).contains("\"master\"", "\"jobs\"");
	}

	@Test
	@Order(2)
	void messagesAreHeardAndAnswered() throws Exception {
		assertThat(process.post("/broadcast").text()).isEqualTo("2");
		process.awaitLine("worker-\\d \\| Guide: evicts prices as slot \\d says");
		process.awaitLine("jobs-1 \\| Guide: evicts prices as slot \\d says");
		assertThat(process.post("/report").status()).isEqualTo(200);
		process.awaitLine("Guide: slot [12] report \\{\"cache\":\"prices\"\\}");
		assertThat(process.post("/ask").text()).isEqualTo("7");
	}

	@Test
	@Order(3)
	void somethingsRunInOneWorkerOnly() throws Exception {
		process.awaitLine("\\| Guide: tick");
		assertThat(process.output().linesMatching("Guide: migrated")).hasSize(1);
	}

	@Test
	@Order(4)
	void serversOfOnesOwnListenInTheMaster() throws Exception {
		List<Integer> others = new ArrayList<>();
		for (InetSocketAddress address : ProcessProbe.listeningAddresses(process.pid())) {
			if (!process.ports().contains(address.getPort())) {
				others.add(address.getPort());
			}
		}
		assertThat(others).as("one for each group").hasSize(2);
		for (int port : others) {
			try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
				socket.getOutputStream().write('x');
				assertThat(socket.getInputStream().read()).isEqualTo('x');
			}
		}
	}

	@Test
	@Order(5)
	void workersComeAndGo() throws Exception {
		int forked = Integer.parseInt(process.post("/fork").text());
		process.awaitLine("Guide: worker " + forked + " is ready");
		assertThat(process.post("/disconnect?id=" + forked).text()).isEqualTo("true");
		assertThat(process.post("/scale").text()).isEqualTo("2");
		run("scale-command");
		run("more-and-fewer");
		process.awaitLine("up from 2 to 3 workers");
		process.awaitLine("down from 3 to 2 workers");
		JsonNode self = json("/");
		assertThat(process.post("/kill?id=" + self.get("id").asInt()).status()).isEqualTo(200);
		process.awaitLine("Guide: worker " + self.get("id").asInt() + " was ended by signal 9");
		process.awaitReplaced(Set.of(self.get("pid").asLong()));
		assertThat(run("metrics")).contains("cluster.worker.forks");
	}

	@Test
	@Order(6)
	void restartsReplaceAllWorkers() throws Exception {
		Set<Long> old = process.workers();
		run("reload-signal");
		process.awaitLine("Rolling restart \\S+ completed");
		try (HttpConnection patient = HttpConnection.open(process.port(), PATIENCE)) {
			assertThat(patient.exchange("POST", "/restart").text()).isEqualTo("COMPLETED");
		}
		assertThat(run("reload")).contains("COMPLETED");
		process.await("end of the old workers", () -> process.workers().stream().noneMatch(old::contains));
	}

	@Test
	@Order(7)
	void shutdownEndsTheCluster() throws Exception {
		run("shutdown");
		assertThat(process.exitCode()).isZero();
		assertThat(folder.resolve("app.pid")).doesNotExist();
	}

	private static String text(String path) throws ExchangeFailedException {
		return process.get(path).text();
	}

	private static JsonNode json(String path) throws ExchangeFailedException {
		return JsonMapper.shared().readTree(text(path));
	}

	/**
	 * Runs the commands of a snippet in the folder of the application.
	 * @param name the snippet
	 * @return what the last one wrote
	 */
	private static String run(String name) throws IOException, InterruptedException {
		String output = "";
		for (String command : guide.commands(name)) {
			Process shell = new ProcessBuilder("bash", "-c",
					command.replace("localhost:8080", "localhost:" + process.port()))
				.directory(folder.toFile())
				.redirectErrorStream(true)
				.start();
			output = new String(shell.getInputStream().readAllBytes());
			assertThat(shell.waitFor()).as(command + ": " + output).isZero();
		}
		return output;
	}

}
