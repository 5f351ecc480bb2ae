package io.github.bootcluster.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.FileSystemUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on workers that run as another account than their master, and on where their
 * output goes.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AccountsAndOutputIT {

	private static final int WORKERS = 2;

	private static OtherAccount account;

	private static Path directory;

	private static Path logs;

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		account = OtherAccount.assumeAvailable();
		directory = Files.createTempDirectory("it-output-");
		logs = directory.resolve("logs");
		process = ClusterProcess.named("accounts-and-output")
			.workers(WORKERS)
			.openTemporaryFolder()
			.workersWriteElsewhere()
			.target("-jar", System.getProperty("sample.jar"))
			.env("SECRET_OF_THE_MASTER", "x")
			.args("--cluster.worker.run-as.user=nobody", "--cluster.worker.output=file",
					"--cluster.worker.output-directory=" + logs, "--logging.structured.format.console=ecs",
					"--logging.level.io.github.bootcluster.sample=debug")
			.startReady();
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
		if (account != null) {
			account.close();
			FileSystemUtils.deleteRecursively(directory);
		}
	}

	@Test
	@Order(1)
	void workersRunAsTheAccountAndTheMasterStaysRoot() throws Exception {
		assertThat(ids(process.pid())).containsExactly("Uid: 0", "Gid: 0");
		assertThat(process.workers()).hasSize(WORKERS).isEqualTo(process.awaitReady());
		for (long worker : process.workers()) {
			assertThat(ids(worker)).containsExactly("Uid: 65534", "Gid: 65534");
			assertThat(ProcessProbe.environment(worker)).contains("USER=nobody", "LOGNAME=nobody")
				.anyMatch((variable) -> variable.startsWith("HOME=") && !variable.equals("HOME=/root"));
			assertThat(ProcessProbe.commandLine(worker)).noneMatch((argument) -> argument.contains("Archive"));
		}
		for (JsonNode worker : process.status().path("workers")) {
			assertThat(worker.path("memory").asLong()).as("memory of " + worker).isPositive();
		}
	}

	private static List<String> ids(long pid) throws IOException {
		return Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))
			.stream()
			.filter((line) -> line.matches("[UG]id:.*"))
			.map((line) -> line.replaceAll("\t(\\d+)\t\\1\t\\1\t\\1", " $1"))
			.toList();
	}

	@Test
	@Order(2)
	void accountReachesWhatIsMeantForItAndNothingElseOfTheMasters() throws Exception {
		Path sockets = WorkerEnvironment.of(process.workers().iterator().next()).socketDirectory();
		assertThat(account.passesTest("-w", sockets.resolve("control.sock"))).isTrue();
		assertThat(account.passesTest("-w", sockets.resolve("handoff.sock"))).isTrue();
		assertThat(account.passesTest("-r", sockets)).as("listing of the folder").isFalse();
		assertThat(account.passesTest("-r", Path.of("/proc", Long.toString(process.pid()), "environ"))).isFalse();
		assertThat(account.passesTest("-x", logs)).isFalse();
		List<Path> shared = new ArrayList<>();
		try (Stream<Path> files = Files.walk(sockets)) {
			for (Path file : (Iterable<Path>) files::iterator) {
				if (account.passesTest("-w", file)) {
					shared.add(sockets.relativize(file));
				}
			}
		}
		assertThat(shared).extracting(Path::toString).containsExactlyInAnyOrder("control.sock", "handoff.sock", "lock");
		Path snapshot;
		try (Stream<Path> files = Files.walk(sockets.resolve("generations"))) {
			snapshot = files.filter((file) -> file.toString().endsWith(".jar")).findFirst().orElseThrow();
		}
		assertThat(account.passesTest("-r", snapshot)).isTrue();
		assertThat(stranger("test", "-r", snapshot.toString())).as("another account reads a snapshot").isNotZero();
		assertThat(stranger("test", "-w", sockets.resolve("control.sock").toString())).isNotZero();
	}

	@Test
	@Order(2)
	void folderIsLockedAgainstCleanersByTheMastersAccount() throws Exception {
		Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/flock")), "There is no flock of util-linux");
		Path folder = WorkerEnvironment.of(process.workers().iterator().next()).socketDirectory();
		List<String> exclusively = List.of("flock", "--exclusive", "--nonblock", folder.toString(), "true");
		assertThat(new ProcessBuilder(exclusively).inheritIO().start().waitFor()).isEqualTo(1);
	}

	private static int stranger(String... command) throws IOException, InterruptedException {
		List<String> whole = new ArrayList<>(List.of("setpriv", "--reuid=1", "--regid=1", "--clear-groups"));
		whole.addAll(List.of(command));
		return new ProcessBuilder(whole).inheritIO().start().waitFor();
	}

	@Test
	@Order(2)
	void proxyUnderAnAccountOfItsOwnIsAStranger() throws Exception {
		try (NginxProxy proxy = NginxProxy.assumeAvailable(process.port())) {
			for (String path : List.of("", "/restart", "/shutdown", "/scale")) {
				HttpAnswer answer = proxy.exchange(path.isEmpty() ? "GET" : "POST", "/actuator/cluster" + path);
				assertThat(answer.status()).as(answer.text()).isEqualTo(403);
				assertThat(answer.text()).contains("the account '" + NginxProxy.ACCOUNT + "' (uid ")
					.contains("only root and 'nobody' (uid 65534) are the machine itself")
					.contains("management.endpoint.cluster.access");
			}
			assertThat(proxy.exchange("GET", "/actuator/health").status()).isEqualTo(200);
		}
		assertThat(process.status().path("restart").isMissingNode()).isTrue();
		String own = "localhost:" + process.port() + "/actuator/cluster";
		assertThat(curl(OtherAccount.becoming("curl", own))).as("a request of the workers' account").endsWith(" 200");
		assertThat(curl("-X", "POST", own + "/shutdown")).contains("'shutdown' is off").endsWith(" 403");
	}

	private static String curl(String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(arguments[0].equals("setpriv") ? List.of() : List.of("curl"));
		command.addAll(List.of(arguments));
		command.addAll(List.of("-s", "-w", " %{http_code}"));
		Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
		String answer = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
		assertThat(curl.waitFor()).as(answer).isZero();
		return answer;
	}

	@Test
	@Order(3)
	void restartAndRespawnWorkAndEachEventIsOneLine() throws Exception {
		Set<Long> old = process.workers();
		for (int i = 0; i < WORKERS; i++) {
			assertThat(process.get("/slow?duration=1ms").status()).isEqualTo(200);
		}
		assertThat(curl("-X", "POST", "localhost:" + process.port() + "/actuator/cluster/restart"))
			.as("a request of the machine itself")
			.endsWith(" 202");
		process.awaitLine("Rolling restart \\S+ completed");
		Set<Long> second = process.awaitReplaced(old);
		long victim = second.iterator().next();
		process.killHard(victim);
		process.awaitLine("pid " + victim + ", generation 2\\) was ended by signal 9");
		process.awaitReady();
		assertThat(events())
			.extracting((event) -> text(event, "cluster.worker.id") + " " + text(event, "cluster.event"))
			.contains("1 forked", "1 online", "1 listening", "1 ready", "1 disconnected", "1 exited", "2 exited",
					"5 forked", "5 ready")
			.filteredOn((event) -> !event.startsWith(" "))
			.doesNotHaveDuplicates();
		assertThat(events()).filteredOn((event) -> text(event, "cluster.worker.pid").equals(Long.toString(victim)))
			.filteredOn((event) -> text(event, "cluster.event").equals("exited"))
			.singleElement()
			.satisfies((event) -> {
				assertThat(text(event, "cluster.exit.kind")).isEqualTo("SIGNAL");
				assertThat(text(event, "cluster.exit.code")).isEqualTo("137");
				assertThat(text(event, "cluster.exit.signal")).isEqualTo("9");
				assertThat(text(event, "cluster.exit.voluntary")).isEqualTo("false");
			});
		assertThat(events()).filteredOn((event) -> text(event, "cluster.event").matches("restart-(started|completed)"))
			.extracting((event) -> text(event, "cluster.event"), (event) -> text(event, "cluster.restart.generation"),
					(event) -> text(event, "cluster.restart.replaced"), (event) -> text(event, "cluster.restart.total"))
			.containsExactly(Tuple.tuple("restart-started", "2", "0", "2"),
					Tuple.tuple("restart-completed", "2", "2", "2"));
	}

	private static List<JsonNode> events() {
		return process.output().linesMatching("^\\{.*EventLog").stream().map(JsonMapper.shared()::readTree).toList();
	}

	@Test
	@Order(4)
	void logOfASlotHoldsAllItsWorkersAndTellsThemApartInEveryThread() throws Exception {
		assertThat(process.output().linesMatching("Netty started|Answering in")).isEmpty();
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(logs))).isEqualTo("rwx------");
		for (int slot = 1; slot <= WORKERS; slot++) {
			Path log = logs.resolve("worker-" + slot + ".log");
			assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(log))).isEqualTo("rw-------");
			Set<String> generations = new TreeSet<>();
			Set<String> threads = new LinkedHashSet<>();
			for (String line : Files.readAllLines(log)) {
				JsonNode json = JsonMapper.shared().readTree(line);
				assertThat(text(json, "cluster.worker.slot")).as(line).isEqualTo(Integer.toString(slot));
				assertThat(text(json, "cluster.worker.id")).as(line).matches("\\d+");
				generations.add(text(json, "cluster.worker.generation"));
				threads.add(json.at("/process/thread/name").asString().replaceAll("\\d.*", ""));
			}
			assertThat(generations).containsExactly("1", "2");
			assertThat(threads).contains("main", "cluster-drain").anyMatch((name) -> name.contains("epoll"));
		}
	}

	private static String text(JsonNode json, String key) {
		JsonNode flat = json.path(key);
		return (flat.isMissingNode() ? json.at("/" + key.replace('.', '/')) : flat).asString();
	}

}
