package io.github.bootcluster.sample;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on how workers are started, and on what becomes of their output.
 */
class LaunchIT {

	private static final String DEBUGGER = "-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0";

	private static final String JMX = "-Dcom.sun.management.jmxremote";

	private static ClusterProcess process;

	private static Set<Long> workers;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("launch")
			.workers(2)
			.target("-jar", System.getProperty("sample.jar"))
			.jvmArgs(DEBUGGER, JMX + ".port=0", JMX + ".authenticate=false", JMX + ".ssl=false",
					"-Dsample.inherited=two words")
			.args("--cluster.worker.jvm-args=-Dsample.added=a,b -Dsample.place=%{group}/%{slot}/%{id} -Xmx100m",
					"--cluster.worker.env.SAMPLE_COLOUR=deep green", "--cluster.archive.enabled=false")
			.env("SAMPLE_INHERITED", "yes")
			.env("CLUSTER_WORKER_ENV_MALLOC_ARENA_MAX", "2")
			.startReady();
		workers = process.workers();
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
	}

	@Test
	void workersAreStartedWithTheMastersCommandLine() throws Exception {
		Path jar = Path.of(System.getProperty("sample.jar"));
		List<String> master = ProcessProbe.commandLine(process.pid());
		assertThat(master).contains(DEBUGGER, "-Xmx128m", "-Dsample.inherited=two words");
		for (long worker : workers) {
			List<String> commandLine = ProcessProbe.commandLine(worker);
			String snapshot = commandLine.get(commandLine.indexOf("-jar") + 1);
			assertThat(Path.of(snapshot)).endsWithRaw(Path.of("generations", "1").resolve(jar.getFileName()))
				.hasSameBinaryContentAs(jar);
			assertThat(commandLine).containsSubsequence("-Xmx128m", "-Dsample.inherited=two words", "-jar", snapshot,
					"--server.port=0", "--cluster.workers=2");
			assertThat(commandLine).containsAll(master.stream()
				.filter((argument) -> !isUnshareable(argument) && !argument.equals(jar.toString()))
				.skip(1)
				.toList());
			assertThat(ProcessProbe.environment(worker)).contains("SAMPLE_INHERITED=yes");
		}
	}

	@Test
	void debuggerAndJmxPortStayTheMasters() throws Exception {
		assertThat(process.output().linesMatching("Listening for transport dt_socket")).hasSize(1);
		for (long worker : workers) {
			assertThat(ProcessProbe.commandLine(worker)).noneMatch(LaunchIT::isUnshareable);
			assertThat(ProcessProbe.listeningAddresses(worker)).isEmpty();
		}
		assertThat(process.output().linesMatching("Workers do not inherit .*jdwp.*jmxremote")).hasSize(1);
	}

	private static boolean isUnshareable(String argument) {
		return argument.contains("jdwp") || argument.startsWith(JMX);
	}

	@Test
	void workersHaveWhatTheirPropertiesAdd() throws Exception {
		for (long worker : workers) {
			assertThat(ProcessProbe.commandLine(worker)).containsSubsequence("-Xmx128m", "-Xmx100m", "-jar")
				.containsSubsequence("-Dsample.added=a,b", "-jar");
			assertThat(ProcessProbe.environment(worker)).contains("SAMPLE_COLOUR=deep green", "MALLOC_ARENA_MAX=2");
		}
		assertThat(workers.stream().map(LaunchIT::place)).containsExactlyInAnyOrder("-Dsample.place=default/1/1",
				"-Dsample.place=default/2/2");
		assertThat(ProcessProbe.commandLine(process.pid())).doesNotContain("-Dsample.added=a,b");
	}

	private static String place(long worker) {
		try {
			return ProcessProbe.commandLine(worker)
				.stream()
				.filter((argument) -> argument.startsWith("-Dsample.place="))
				.findFirst()
				.orElseThrow();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Test
	void argumentsAndSystemPropertiesOfWorkersStandInNoListOfProcesses() throws Exception {
		for (long worker : workers) {
			List<String> visible = ProcessProbe.visibleCommandLine(worker);
			assertThat(visible)
				.noneMatch((argument) -> argument.startsWith("--server.") || argument.contains("sample."));
			assertThat(visible).element(1).asString().startsWith("-Dcluster.worker.slot=");
			String file = visible.get(visible.size() - 1);
			assertThat(file).startsWith("@/").endsWith(".jar");
			assertThat(Path.of(file.substring(1))).doesNotExist();
			assertThat(ProcessProbe.commandLine(worker)).contains("-Dsample.inherited=two words", "--server.port=0");
		}
	}

	@Test
	void everyLineOfAWorkerIsLedByItsSlot() {
		for (int slot = 1; slot <= 2; slot++) {
			assertThat(process.output().linesMatching("^worker-" + slot + " \\| .*Netty started on port")).hasSize(1);
		}
		assertThat(process.output().linesMatching("Netty started on port")).hasSize(2);
		assertThat(process.output().linesMatching("^worker-\\d \\| .*(was forked|is ready after)")).isEmpty();
	}

	@Test
	void bannerIsTheMastersOnly() {
		assertThat(process.output().linesMatching(":: Spring Boot ::")).hasSize(1)
			.allMatch((line) -> !line.startsWith("worker-"));
	}

	@Test
	void workersGetNoDescriptorOfTheMaster() throws Exception {
		Collection<String> masters = ProcessProbe.descriptors(process.pid()).values();
		for (long worker : workers) {
			Map<Integer, String> own = ProcessProbe.descriptors(worker);
			assertThat(own).containsEntry(0, "/dev/null");
			assertThat(own.values()).filteredOn((target) -> target.startsWith("socket:"))
				.isNotEmpty()
				.doesNotContainAnyElementsOf(masters);
		}
	}

}
