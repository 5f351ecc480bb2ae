package io.github.bootcluster.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.apps.helper.HelperApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on which process becomes what, however it is started and wherever its settings
 * come from. {@code OrdinaryBean} fails in a master, so every master here proves that it
 * has none of the application's beans.
 */
class RolesIT {

	private static final String JAR = System.getProperty("sample.jar", "target/sample-app.jar");

	private static final String MAIN = SampleApplication.class.getName();

	@TempDir
	private Path folder;

	@Test
	void classPathAndMainClassMakeAMasterAndAnEnvironmentVariableItsWorker() throws Exception {
		extract();
		try (ClusterProcess process = ClusterProcess.named("roles-class-path")
			.workersConfiguredElsewhere(1)
			.env("CLUSTER_WORKERS", "1")
			.directory(this.folder)
			.target("-cp", "lib/*:" + Path.of(JAR).getFileName(), MAIN)
			.startReady()) {
			assertMasterAndWorker(process);
			assertThat(ProcessProbe.listeningAddresses(process.pid())).extracting("port")
				.containsExactly(process.port());
			long worker = process.workers().iterator().next();
			assertThat(ProcessProbe.commandLine(worker)).containsSubsequence("-cp",
					"lib/*:" + Path.of(JAR).getFileName(), MAIN, "--server.port=0");
		}
	}

	private void extract() throws Exception {
		Process extraction = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Djarmode=tools", "-jar", JAR, "extract", "--force", "--destination", this.folder.toString())
			.redirectErrorStream(true)
			.redirectOutput(this.folder.resolve("extraction.log").toFile())
			.start();
		assertThat(extraction.waitFor()).isZero();
	}

	@Test
	void argumentFileMakesAMasterAndMayGoWhenTheMasterRuns() throws Exception {
		Path arguments = Files.writeString(this.folder.resolve("arguments"),
				"-Dsample.quoted=\"two words\"\n-jar \"" + JAR.replace("\\", "\\\\") + "\"\n");
		Files.writeString(this.folder.resolve("application.yaml"), """
				cluster:
				  workers: 0
				  worker:
				    args: [ "--server.port=0", "--sample.second-port=0" ]
				""");
		Files.writeString(this.folder.resolve("application-one.yaml"), "cluster.workers: 1");
		try (ClusterProcess process = ClusterProcess.named("roles-argument-file")
			.workersConfiguredElsewhere(1)
			.env("SPRING_PROFILES_ACTIVE", "one")
			.env("JAVA_TOOL_OPTIONS", "-Dsample.tool=1 -agentlib:jdwp=transport=dt_socket,server=y,suspend=n")
			.directory(this.folder)
			.target("@" + arguments)
			.startReady()) {
			assertMasterAndWorker(process);
			Files.delete(arguments);
			Set<Long> first = process.workers();
			first.forEach(process::killHard);
			process.awaitReplaced(first);
			long worker = process.workers().iterator().next();
			List<String> commandLine = ProcessProbe.commandLine(worker);
			Path snapshot = Path.of(commandLine.get(commandLine.indexOf("-jar") + 1));
			assertThat(snapshot).as("a copy")
				.isNotEqualTo(Path.of(JAR))
				.hasFileName(Path.of(JAR).getFileName().toString());
			assertThat(commandLine).containsSubsequence("-Dsample.quoted=two words", "-jar", snapshot.toString(),
					"--server.port=0", "--sample.second-port=0");
			assertThat(ProcessProbe.environment(worker)).contains("JAVA_TOOL_OPTIONS=-Dsample.tool=1");
			assertThat(process.output().linesMatching("Listening for transport dt_socket")).hasSize(1);
			assertThat(process.output().linesMatching("Second server started")).hasSize(2)
				.allMatch((line) -> line.startsWith("worker-1 | "));
		}
	}

	/**
	 * As {@code mvn spring-boot:run} does: classes in folders, and the JVM flag that the
	 * harness always sets.
	 * @throws Exception if something fails
	 */
	@Test
	void codeBehindRunIsTheWorkersOnly() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("roles-code-behind-run")
			.workers(1)
			.target("-cp", TestApplication.classPath(), TalkativeApplication.class.getName())
			.startReady()) {
			assertMasterAndWorker(process);
			assertThat(ProcessProbe.listeningAddresses(process.pid())).extracting("port")
				.containsExactly(process.port());
			process.awaitLine("^worker-1 \\| Behind run");
			assertThat(process.output().linesMatching("Behind run")).hasSize(1);
		}
	}

	@Test
	void whatAWorkerStartsIsNoWorkerAndEndsWithIt() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("roles-helper")
			.workersConfiguredElsewhere(1)
			.env("CLUSTER_WORKERS", "1")
			.target(TestApplication.target(HelperApplication.class))
			.startReady()) {
			long worker = process.workers().iterator().next();
			assertThat(process.post("/tool").status()).isEqualTo(200);
			process.awaitLine("^worker-1 \\| Tool is STANDALONE");
			ProcessHandle sleep = ProcessHandle.of(Long.parseLong(process.post("/sleep").text())).orElseThrow();
			process.killHard(worker);
			assertThat(sleep.onExit()).succeedsWithin(60, TimeUnit.SECONDS);
			process.awaitReplaced(Set.of(worker));
		}
	}

	private void assertMasterAndWorker(ClusterProcess process) throws Exception {
		Set<Long> workers = process.workers();
		assertThat(workers).hasSize(1).isEqualTo(process.awaitReady());
		JsonNode identity = identity(process);
		assertThat(identity.get("worker").asInt()).isOne();
		assertThat(identity.get("slot").asInt()).isOne();
		assertThat(identity.get("generation").asInt()).isOne();
		process.awaitLine("^(?!worker).*ClusterEventLogger.*WorkerReadyEvent");
		assertThat(process.output().linesMatching("^worker.*ClusterEventLogger")).isEmpty();
	}

	@Test
	void disabledClusterIsAnOrdinaryProcess() throws Exception {
		assertStandalone("--cluster.workers=2", "--cluster.enabled=false");
	}

	@Test
	void noWorkersMeanAnOrdinaryProcess() throws Exception {
		assertStandalone("--cluster.workers=0");
	}

	private void assertStandalone(String... arguments) throws Exception {
		try (ClusterProcess process = ClusterProcess.named("roles-standalone")
			.workers(0)
			.args(arguments)
			.startReady()) {
			assertThat(process.processes()).isEqualTo(Set.of(process.pid()));
			JsonNode identity = identity(process);
			assertThat(identity.get("pid").asLong()).isEqualTo(process.pid());
			assertThat(List.of(identity.get("worker"), identity.get("slot"), identity.get("generation")))
				.allMatch(JsonNode::isNull);
			assertThat(process.output().linesMatching(" WARN |^worker-|was forked")).isEmpty();
			assertThat(process.leftovers()).isEmpty();
		}
	}

	private static JsonNode identity(ClusterProcess process) throws Exception {
		return JsonMapper.shared().readTree(process.get("/").text());
	}

	/**
	 * Does something once it runs, as many command line tools do.
	 */
	public static final class TalkativeApplication {

		private TalkativeApplication() {
		}

		public static void main(String[] args) {
			SampleApplication.main(args);
			System.out.println("Behind run");
		}

	}

}
