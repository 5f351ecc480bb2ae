package io.github.bootcluster.autoconfigure.properties;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.master.supervise.WorkerTemplate;
import io.github.bootcluster.process.HostResources;
import io.github.bootcluster.process.JvmCommand;
import org.junit.jupiter.api.Test;

import org.springframework.boot.ansi.AnsiOutput;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.MutablePropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises on what the workers of a group are started with.
 */
class WorkerTemplatesTests {

	private static final JvmCommand MASTER = new JvmCommand("java", List.of("-Xmx1g", "-Dspring.profiles.active=prod"),
			List.of("-jar", "app.jar"),
			List.of("--server.port=8080", "--spring.profiles.active=prod", "--a=b", "rest"));

	@Test
	void groupThatSetsNothingIsLikeTheOthers() {
		Map<String, WorkerTemplate> templates = templates(Map.of("cluster.worker.args", "--c=d",
				"cluster.worker.jvm-args", "-Xmx2g", "cluster.worker.env.A", "1", "cluster.groups.jobs.workers", "2"));
		assertThat(templates).containsOnlyKeys(ClusterWorker.DEFAULT_GROUP, "jobs");
		assertThat(templates.get("jobs")).isEqualTo(templates.get(ClusterWorker.DEFAULT_GROUP));
		assertThat(template("jobs", Map.of("cluster.groups.jobs.workers", "2")).command().arguments())
			.isEqualTo(MASTER.arguments());
	}

	@Test
	void groupHasItsOwnArgumentsAndAddsToTheEnvironmentAndTheJvmArguments() {
		WorkerTemplate jobs = template("jobs",
				Map.of("cluster.worker.args", "--c=d", "cluster.groups.jobs.args", "--e=f", "cluster.worker.jvm-args",
						"-Xmx2g", "cluster.groups.jobs.jvm-args", "-Xmx3g", "cluster.worker.env.A", "1",
						"cluster.worker.env.B", "1", "cluster.groups.jobs.env.B", "2"));
		assertThat(jobs.command().arguments()).containsExactly("--e=f");
		assertThat(jobs.command().jvmArguments()).containsSubsequence("-Xmx1g", "-Xmx2g", "-Xmx3g");
		assertThat(jobs.environment()).isEqualTo(Map.of("A", "1", "B", "2"));
	}

	@Test
	void profilesOfAGroupOverruleThoseOfTheMasterWhereverTheseStand() {
		WorkerTemplate jobs = template("jobs", Map.of("cluster.groups.jobs.profiles", "jobs,slow"));
		assertThat(jobs.command().jvmArguments()).containsSubsequence("-Dspring.profiles.active=prod",
				"-Dspring.profiles.active=jobs,slow");
		assertThat(jobs.command().arguments()).containsExactly("--server.port=8080", "--a=b", "rest");
	}

	@Test
	void portOfAGroupOverrulesThatOfTheMaster() {
		WorkerTemplate jobs = template("jobs", Map.of("cluster.groups.jobs.port", "9090"));
		assertThat(jobs.command().jvmArguments()).endsWith("-Dserver.port=9090");
		assertThat(jobs.command().arguments()).containsExactly("--spring.profiles.active=prod", "--a=b", "rest");
	}

	@Test
	void defaultGroupIsLeftAsItIs() {
		WorkerTemplate workers = template(ClusterWorker.DEFAULT_GROUP,
				Map.of("cluster.groups.jobs.port", "9090", "cluster.groups.jobs.env.A", "1"));
		assertThat(workers.command().arguments()).isEqualTo(MASTER.arguments());
		assertThat(workers.environment()).isEmpty();
	}

	@Test
	void hostIsDividedUnlessAnOptionSaysOtherwise() {
		HostResources host = new HostResources(4, 8L << 30, 2L << 30);
		Map<String, WorkerTemplate> templates = templates(Map.of("cluster.worker.jvm-args",
				"-XX:ActiveProcessorCount=3", "cluster.groups.jobs.jvm-args", "-Dreactor.netty.ioWorkerCount=8"));
		WorkerTemplate workers = Objects.requireNonNull(templates.get(ClusterWorker.DEFAULT_GROUP));
		assertThat(workers.command(Map.of(), host, 2).jvmArguments()).as("-Xmx is inherited")
			.containsOnlyOnce("-XX:ActiveProcessorCount=3", "-Dreactor.netty.ioWorkerCount=2", "-Xmx1g")
			.noneMatch((argument) -> argument.endsWith("m"));
		WorkerTemplate jobs = Objects.requireNonNull(templates.get("jobs"));
		assertThat(jobs.command(Map.of(), host, 2).jvmArguments()).contains("-Dreactor.netty.ioWorkerCount=8")
			.doesNotContain("-Dreactor.netty.ioWorkerCount=2");
		assertThat(jobs.command(Map.of("JAVA_TOOL_OPTIONS", "-XX:ActiveProcessorCount=4"), host, 2).jvmArguments())
			.as("of this worker alone")
			.doesNotContain("-XX:ActiveProcessorCount=4", "-XX:ActiveProcessorCount=2");
		WorkerTemplate undivided = template(ClusterWorker.DEFAULT_GROUP, Map.of("cluster.resources.divide", "false"));
		assertThat(undivided.command(Map.of(), host, 2)).isEqualTo(undivided.command());
	}

	private static WorkerTemplate template(String group, Map<String, String> properties) {
		return Objects.requireNonNull(templates(properties).get(group));
	}

	@Test
	void argumentsInOneTextAreSplitAsTheyAreMeant() {
		Map<String, WorkerTemplate> templates = templates(Map.of("cluster.worker.jvm-args",
				"-Xms64m -XX:StartFlightRecording=duration=30s,filename=/tmp/w.jfr", "cluster.worker.args",
				"--a=b,c --d=\"e f\"", "cluster.groups.jobs.jvm-args[0]", "-Dgreeting=hello world, you"));
		WorkerTemplate workers = Objects.requireNonNull(templates.get(ClusterWorker.DEFAULT_GROUP));
		assertThat(workers.command().jvmArguments()).containsSubsequence("-Xmx1g", "-Xms64m",
				"-XX:StartFlightRecording=duration=30s,filename=/tmp/w.jfr");
		assertThat(workers.command().arguments()).containsExactly("--a=b,c", "--d=e f");
		WorkerTemplate jobs = Objects.requireNonNull(templates.get("jobs"));
		assertThat(jobs.command().jvmArguments()).containsSubsequence("-Xms64m", "-Dgreeting=hello world, you");
	}

	@Test
	void whatIsNoJvmArgumentIsRefusedWithTheFormThatIsOne() {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> templates(Map.of("cluster.worker.jvm-args", "-Da=hello world")))
			.satisfies((ex) -> assertThat(ex.getProperty()).isEqualTo("cluster.worker.jvm-args"))
			.satisfies((ex) -> assertThat(ex.getAllowed()).contains("'world'", "cluster.worker.jvm-args[0]="));
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> templates(Map.of("cluster.groups.jobs.jvm-args", "-Da=\"hello world")))
			.satisfies((ex) -> assertThat(ex.getAllowed()).contains("cluster.groups.jobs.jvm-args[0]="));
	}

	@Test
	void variablesThatAreSetByVariablesKeepTheirNames() {
		Map<String, Object> variables = Map.of("CLUSTER_WORKER_ENV_MALLOC_ARENA_MAX", "2", "CLUSTER_WORKER_ENV_LANG",
				"C", "CLUSTER_WORKER_ENV_TZ", "UTC", "CLUSTER_GROUPS_JOBS_ENV_MALLOC_ARENA_MAX", "4");
		Map<String, WorkerTemplate> templates = templates(
				Map.of("cluster.worker.env.TZ", "CET", "cluster.worker.env.some.property", "x"), variables);
		assertThat(Objects.requireNonNull(templates.get(ClusterWorker.DEFAULT_GROUP)).environment())
			.isEqualTo(Map.of("MALLOC_ARENA_MAX", "2", "LANG", "C", "TZ", "CET", "some.property", "x"));
		assertThat(Objects.requireNonNull(templates.get("jobs")).environment()).containsEntry("MALLOC_ARENA_MAX", "4")
			.containsEntry("LANG", "C")
			.doesNotContainKey("malloc.arena.max");
	}

	@Test
	void colorsOfATerminalReachTheWorkersThatWriteToIt() {
		String variable = "SPRING_OUTPUT_ANSI_ENABLED";
		AnsiOutput.Enabled before = AnsiOutput.getEnabled();
		try {
			AnsiOutput.setEnabled(AnsiOutput.Enabled.ALWAYS);
			assertThat(environment(Map.of())).containsEntry(variable, "ALWAYS");
			assertThat(environment(Map.of("cluster.worker.output", "inherit"))).containsEntry(variable, "ALWAYS");
			assertThat(environment(Map.of("cluster.worker.output", "file"))).doesNotContainKey(variable);
			assertThat(environment(Map.of("spring.output.ansi.enabled", "never"))).doesNotContainKey(variable);
			assertThat(environment(Map.of("cluster.worker.env." + variable, "NEVER"))).containsEntry(variable, "NEVER");
			AnsiOutput.setEnabled(AnsiOutput.Enabled.NEVER);
			assertThat(environment(Map.of())).doesNotContainKey(variable);
		}
		finally {
			AnsiOutput.setEnabled(before);
		}
	}

	private static Map<String, String> environment(Map<String, String> properties) {
		return template(ClusterWorker.DEFAULT_GROUP, properties).environment();
	}

	@Test
	void argumentsOfTheMasterNeedNotBeInherited() {
		WorkerTemplate excluded = template(ClusterWorker.DEFAULT_GROUP,
				Map.of("cluster.worker.jvm-args-excluded", "-Dspring.profiles", "cluster.worker.jvm-args", "-Xss1m"));
		assertThat(excluded.command().jvmArguments()).contains("-Xmx1g", "-Xss1m")
			.noneMatch((argument) -> argument.startsWith("-Dspring"));
		WorkerTemplate none = template(ClusterWorker.DEFAULT_GROUP,
				Map.of("cluster.worker.inherit-jvm-args", "false", "cluster.worker.jvm-args", "-Xss1m"));
		assertThat(none.command().jvmArguments()).contains("-Xss1m").doesNotContain("-Xmx1g");
		assertThat(none.command().main()).isEqualTo(MASTER.main());
	}

	private static Map<String, WorkerTemplate> templates(Map<String, String> properties) {
		return templates(properties, Map.of());
	}

	private static Map<String, WorkerTemplate> templates(Map<String, String> properties,
			Map<String, Object> variables) {
		StandardEnvironment environment = new StandardEnvironment();
		MutablePropertySources sources = environment.getPropertySources();
		sources.replace(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
				new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
						variables));
		sources.addFirst(new MapPropertySource("test", Map.copyOf(properties)));
		ClusterProperties bound = Binder.get(environment).bindOrCreate("cluster", ClusterProperties.class);
		return WorkerTemplates.create(MASTER, bound, environment);
	}

}
