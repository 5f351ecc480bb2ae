package io.github.bootcluster.autoconfigure.role;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ClusterRole;
import net.bytebuddy.ByteBuddy;
import org.apache.commons.logging.LogFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.SpringProperties;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on the decision on a process' role. It is made on a thread of its own, on
 * whose stack there is no JUnit.
 */
@ExtendWith(OutputCaptureExtension.class)
class RoleDeciderTests {

	private final MockEnvironment environment = new MockEnvironment();

	private final Map<String, String> variables = new HashMap<>();

	private ForkedProcess process = new ForkedProcess("1", () -> 7, (pid) -> true);

	private Optional<String> noHandoffReason = Optional.empty();

	private boolean reusePort = true;

	private WebApplicationType webType = WebApplicationType.REACTIVE;

	private ApplicationRun run = ApplicationRun.MAIN;

	private Executor executor = (task) -> new Thread(task).start();

	@AfterEach
	void clearProperties() {
		System.clearProperty("spring.aot.processing");
		SpringProperties.setProperty("spring.aot.enabled", null);
		SpringProperties.setProperty("spring.context.exit", null);
		SpringProperties.setProperty("spring.context.checkpoint", null);
	}

	@ParameterizedTest
	@ValueSource(strings = { "1", "1024", "auto", "AUTO", " 2 " })
	void workersMakeAMaster(String workers, CapturedOutput output) {
		this.environment.setProperty("cluster.workers", workers);
		assertThat(decide()).isEqualTo(ClusterRole.MASTER);
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void withoutWorkersNothingChanges(CapturedOutput output) {
		assertThat(decide()).isEqualTo(ClusterRole.STANDALONE);
		this.environment.setProperty("cluster.workers", "0");
		assertThat(decide()).isEqualTo(ClusterRole.STANDALONE);
		assertThat(output).isEmpty();
	}

	@Test
	void disabledClusterChangesNothing(CapturedOutput output) {
		want();
		this.environment.setProperty("cluster.enabled", "false");
		assertThat(decide()).isEqualTo(ClusterRole.STANDALONE);
		assertThat(output).isEmpty();
	}

	@Test
	void groupsWithoutWorkersChangeNothingWithOneWarning(CapturedOutput output) {
		this.environment.setProperty("cluster.groups.jobs.workers", "2");
		assertThat(decide()).isEqualTo(ClusterRole.STANDALONE);
		assertThat(output).containsOnlyOnce("WARN")
			.contains("cluster.groups is set, but cluster.workers is not: this process runs unclustered");
	}

	@Test
	void workerIdMakesAWorkerWhateverElseIsSet() {
		this.variables.put("CLUSTER_WORKER_ID", "1");
		this.environment.setProperty("cluster.enabled", "false");
		this.webType = WebApplicationType.SERVLET;
		this.executor = Runnable::run;
		assertThat(decide()).isEqualTo(ClusterRole.WORKER);
	}

	@Test
	void processThatInheritsAWorkersEnvironmentIsNoWorkerAndNoMaster(CapturedOutput output) {
		want();
		this.variables.put("CLUSTER_WORKER_ID", "1");
		this.variables.put("CLUSTER_WORKER_MASTER", "7");
		assertThat(decide()).isEqualTo(ClusterRole.WORKER);
		this.process = new ForkedProcess(null, () -> 7, (pid) -> true);
		assertThat(decide()).as("without the mark, with any parent").isEqualTo(ClusterRole.STANDALONE);
		assertThat(output).containsOnlyOnce("CLUSTER_WORKER_ID=1 is inherited from a worker that started this process")
			.doesNotContain("WARN");
		this.process = new ForkedProcess("1", () -> 8, (pid) -> true);
		assertThat(decide()).as("with a copied command line").isEqualTo(ClusterRole.STANDALONE);
		this.process = new ForkedProcess("1", () -> 1, (pid) -> false);
		assertThat(decide()).as("orphaned").isEqualTo(ClusterRole.WORKER);
	}

	@Test
	void testStaysStandalone(CapturedOutput output) {
		want();
		this.executor = Runnable::run;
		assertThat(decide()).isEqualTo(ClusterRole.STANDALONE);
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void processingAheadOfTimeStaysStandalone(CapturedOutput output) {
		want();
		System.setProperty("spring.aot.processing", "true");
		assertThat(decide()).isEqualTo(ClusterRole.STANDALONE);
		assertThat(output).doesNotContain("WARN");
	}

	@ParameterizedTest
	@ValueSource(strings = { "spring.context.exit", "spring.context.checkpoint" })
	void trainingRunStaysStandalone(String property, CapturedOutput output) {
		want();
		SpringProperties.setProperty(property, "onRefresh");
		assertThat(decide()).isEqualTo(ClusterRole.STANDALONE);
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void restartOfDevToolsStaysStandaloneWithOneWarning(CapturedOutput output) throws Exception {
		want();
		ClassLoader loader = new ByteBuddy().subclass(ClassLoader.class)
			.name("org.springframework.boot.devtools.restart.classloader.RestartClassLoader")
			.make()
			.load(getClass().getClassLoader())
			.getLoaded()
			.getDeclaredConstructor(ClassLoader.class)
			.newInstance(getClass().getClassLoader());
		this.executor = (task) -> {
			Thread thread = new Thread(task);
			thread.setContextClassLoader(loader);
			thread.start();
		};
		assertThat(decide()).isEqualTo(ClusterRole.STANDALONE);
		assertThat(output).containsOnlyOnce("WARN")
			.contains("runs unclustered: DevTools", "-Dspring.devtools.restart.enabled=false");
	}

	@Test
	void runWithoutAWebServerStaysStandaloneWithOneLine(CapturedOutput output) {
		want();
		this.webType = WebApplicationType.NONE;
		assertThat(decide()).isEqualTo(ClusterRole.STANDALONE);
		assertThat(output).doesNotContain("WARN")
			.containsOnlyOnce("INFO")
			.contains("no web server", "cluster.enabled=true");
	}

	@Test
	void propertyTakesTheWebServerAway() {
		want();
		this.environment.setProperty("spring.main.web-application-type", "none");
		assertThat(decide()).isEqualTo(ClusterRole.STANDALONE);
	}

	@Test
	void runWithoutAWebServerIsClusteredWhereThatIsAskedFor() {
		want();
		this.environment.setProperty("cluster.enabled", "true");
		this.webType = WebApplicationType.NONE;
		assertThat(decide()).isEqualTo(ClusterRole.MASTER);
	}

	@Test
	void parentContextIsClusteredThoughItHasNoWebServer() {
		want();
		this.run = ApplicationRun.PARENT;
		this.webType = WebApplicationType.NONE;
		assertThat(decide()).isEqualTo(ClusterRole.MASTER);
	}

	@Test
	void servletApplicationStaysStandaloneWithOneWarning(CapturedOutput output) {
		want();
		this.webType = WebApplicationType.SERVLET;
		assertThat(decide()).isEqualTo(ClusterRole.STANDALONE);
		assertThat(output).containsOnlyOnce("WARN")
			.contains("cluster.workers is set, but this process runs unclustered: servlet applications");
	}

	@Test
	void generatedArtifactsStayStandaloneWithOneWarning(CapturedOutput output) {
		want();
		SpringProperties.setProperty("spring.aot.enabled", "true");
		assertThat(decide()).isEqualTo(ClusterRole.STANDALONE);
		assertThat(output).containsOnlyOnce("WARN").contains("spring.aot.enabled");
	}

	@Test
	void systemThatCanShareAPortOnlyIsClusteredWithOneWarning(CapturedOutput output) {
		want();
		this.noHandoffReason = Optional.of("no such library");
		assertThat(decide()).isEqualTo(ClusterRole.MASTER);
		assertThat(output).containsOnlyOnce("WARN").contains("no such library", "SO_REUSEPORT");
	}

	@Test
	void systemThatCanDoNeitherStaysStandaloneWithOneWarning(CapturedOutput output) {
		want();
		this.noHandoffReason = Optional.of("no such library");
		this.reusePort = false;
		assertThat(decide()).isEqualTo(ClusterRole.STANDALONE);
		assertThat(output).containsOnlyOnce("WARN").contains("runs unclustered", "no such library");
	}

	private void want() {
		this.environment.setProperty("cluster.workers", "2");
	}

	private ClusterRole decide() {
		ClusterPlatform platform = new ClusterPlatform() {

			@Override
			public Optional<String> noHandoffReason() {
				return RoleDeciderTests.this.noHandoffReason;
			}

			@Override
			public boolean isReusePortSupported() {
				return RoleDeciderTests.this.reusePort;
			}

		};
		RoleDecider decider = new RoleDecider(platform, this.variables, this.process,
				LogFactory.getLog(RoleDecider.class));
		return CompletableFuture
			.supplyAsync(() -> decider.decide(this.environment, this.webType, this.run), this.executor)
			.orTimeout(10, TimeUnit.SECONDS)
			.join();
	}

}
