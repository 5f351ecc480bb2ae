package io.github.bootcluster.autoconfigure.properties;

import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.bootcluster.autoconfigure.diagnostics.UnknownPropertiesFailureAnalyzer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.env.OriginTrackedMapPropertySource;
import org.springframework.boot.origin.OriginTrackedValue;
import org.springframework.boot.origin.TextResourceOrigin;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.PropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ClassPathResource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises on names below {@code cluster} that do not exist.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnknownPropertiesTests {

	@ParameterizedTest
	@CsvSource({ "cluster.wrkers, cluster.workers", "cluster.drain.timout, cluster.drain.timeout",
			"cluster.worker, cluster.workers", "cluster.worker.max.requests, cluster.worker.max-requests",
			"cluster.worker.jvmarg[0], cluster.worker.jvm-args", "cluster.dran.timeout, cluster.drain.timeout",
			"cluster.groups.jobs.porfiles, cluster.groups.jobs.profiles", "cluster.respawn.qwertzuiop,",
			"cluster.workers.number," })
	void nameThatIsCertainlyWrongEndsTheStartAndNamesTheNearest(String name, String nearest) {
		assertThatExceptionOfType(UnknownPropertiesException.class).isThrownBy(() -> check(properties(name)))
			.satisfies((ex) -> assertThat(ex.getUnknown()).singleElement().satisfies((unknown) -> {
				assertThat(unknown.name()).isEqualTo(name);
				if (nearest != null) {
					assertThat(unknown.nearest()).isEqualTo(nearest);
				}
			}));
	}

	@Test
	void failureTellsNameAndOriginOfEach() {
		UnknownPropertiesException failure = new UnknownPropertiesException(List.of(
				new UnknownPropertiesException.Unknown("cluster.wrkers",
						" (class path resource [application.yml] - 6:12)", "cluster.workers"),
				new UnknownPropertiesException.Unknown("cluster.drain.x", "", null)));
		assertThat(Objects.requireNonNull(new UnknownPropertiesFailureAnalyzer().analyze(failure)).getDescription())
			.isEqualToNormalizingNewlines(
					"""
							There is no property 'cluster.wrkers' (class path resource [application.yml] - 6:12). Did you mean 'cluster.workers'?
							There is no property 'cluster.drain.x'.""");
	}

	@Test
	void originIsTheFileAndItsLine() {
		PropertySource<?> file = new OriginTrackedMapPropertySource("file",
				Map.of("cluster.wrkers",
						OriginTrackedValue.of("2", new TextResourceOrigin(new ClassPathResource("application.yml"),
								new TextResourceOrigin.Location(5, 11)))));
		assertThatExceptionOfType(UnknownPropertiesException.class).isThrownBy(() -> check(file))
			.withMessageContaining("'cluster.wrkers' (class path resource [application.yml] - 6:12)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "cluster.workers", "cluster.worker.jvm-args", "cluster.worker.jvmArgs",
			"cluster.worker.jvm_args", "cluster.worker.args[1]", "cluster.worker.env.LANG",
			"cluster.worker.env[java.home]", "cluster.groups.jobs.workers", "cluster.groups.jobs.env.A_B",
			"cluster.groups.nightJobs.jvmArgs[0]", "cluster.worker.slot", "cluster.worker.group", "clustered.wrkers",
			"spring.cluster.wrkers" })
	void whatExistsIsLeftAlone(String name, CapturedOutput output) {
		check(properties(name));
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void prefixThatMayBeTheApplicationsOwnIsWarnedOfOnce(CapturedOutput output) {
		check(new MapPropertySource("application", Map.of("cluster.nodes.first", "a", "cluster.nodes.second", "b")));
		assertThat(output.toString().lines().filter((line) -> line.contains("WARN"))).singleElement()
			.asString()
			.contains("'cluster.nodes.")
			.contains("application");
	}

	@ParameterizedTest
	@ValueSource(strings = { "CLUSTER_NAME", "CLUSTER_PORT_80_TCP_ADDR", "CLUSTER_SERVICE_HOST", "CLUSTER_ID",
			"CLUSTER_WORKERS", "CLUSTER_WORKER_JVMARGS", "CLUSTER_WORKER_JVM_ARGS", "CLUSTER_WORKER_ARGS_0_",
			"CLUSTER_WORKER_ENV_MALLOC_ARENA_MAX", "CLUSTER_GROUPS_JOBS_WORKERS", "CLUSTER_WORKER_SLOT" })
	void environmentVariableOfOursOrOfAnotherSystemIsLeftAlone(String name, CapturedOutput output) {
		check(variables(name));
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void environmentVariableThatIsCloseToOneOfOursIsWarnedOf(CapturedOutput output) {
		check(variables("CLUSTER_DRAIN_TIMOUT"));
		assertThat(output).contains("Nothing reads the environment variable CLUSTER_DRAIN_TIMOUT; "
				+ "CLUSTER_DRAIN_TIMEOUT would be read as 'cluster.drain.timeout'");
	}

	private static PropertySource<?> properties(String name) {
		return new MapPropertySource("properties", Map.of(name, "2", "cluster.drain.timeout", "5s"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "cluster.worker.threads", "cluster.group.name", "cluster.train.station" })
	void namesAreLeftToAnApplicationThatSetsNothingOfTheCluster(String name, CapturedOutput output) {
		check(new MapPropertySource("properties", Map.of(name, "2")));
		assertThat(output).contains("'" + name + "'").contains("unless it is the application's own");
	}

	@Test
	void sectionOfYamlThatIsEmptySaysNothing(CapturedOutput output) {
		check(new MapPropertySource("properties", Map.of("cluster.workers", "2", "cluster.worker", "")));
		assertThat(output).doesNotContain("cluster.worker");
	}

	private static PropertySource<?> variables(String name) {
		return new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
				Map.of(name, "2"));
	}

	private static void check(PropertySource<?> source) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().forEach((each) -> environment.getPropertySources().remove(each.getName()));
		environment.getPropertySources().addFirst(source);
		UnknownProperties.find(environment).report();
	}

}
