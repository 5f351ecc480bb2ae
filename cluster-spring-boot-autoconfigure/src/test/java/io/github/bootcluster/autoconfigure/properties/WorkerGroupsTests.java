package io.github.bootcluster.autoconfigure.properties;

import io.github.bootcluster.master.supervise.MasterSettings;
import io.github.bootcluster.master.supervise.WorkerGroup;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises on which groups of workers there are.
 */
@ExtendWith(OutputCaptureExtension.class)
class WorkerGroupsTests {

	@Test
	void withoutAnyThereIsJustTheDefaultGroup() {
		assertThat(settings().groups()).isEmpty();
	}

	@Test
	void groupsComeInTheOrderOfTheirNames() {
		MasterSettings settings = settings("mail.workers=2", "jobs.profiles=jobs", "reports-2.workers=auto");
		assertThat(settings.groups()).containsExactly(new WorkerGroup("jobs", 1), new WorkerGroup("mail", 2),
				new WorkerGroup("reports-2", Runtime.getRuntime().availableProcessors()));
		assertThat(settings.workers()).isEqualTo(2);
	}

	@ParameterizedTest
	@ValueSource(strings = { "default", "worker", "[my_jobs]", "[my jobs]", "[-jobs]", "[../jobs]",
			"a12345678901234567890123456789012" })
	void nameThatNoGroupMayHaveIsRefused(String name) {
		String key = name.startsWith("[") ? "cluster.groups" + name : "cluster.groups." + name;
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> MasterSettingsFactory.create(environment(key + ".workers=1")))
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo("cluster.groups");
				assertThat(ex.getValue()).isEqualTo(name.replaceAll("[\\[\\]]", ""));
				assertThat(ex.getAllowed()).startsWith("names of up to 32 letters, digits and '-'");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "0", "-1", "1025", "many" })
	void groupHasAtLeastOneWorker(String workers) {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> settings("jobs.workers=" + workers))
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo("cluster.groups.jobs.workers");
				assertThat(ex.getValue()).isEqualTo(workers);
				assertThat(ex.getAllowed()).isEqualTo("a whole number from 1 to 1024, or 'auto'");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "65536" })
	void portThatThereIsNotIsRefused(String port) {
		assertThatExceptionOfType(InvalidClusterPropertyException.class).isThrownBy(() -> settings("jobs.port=" + port))
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo("cluster.groups.jobs.port");
				assertThat(ex.getAllowed()).isEqualTo("a whole number from 0 to 65535");
			});
	}

	@Test
	void allGroupsTogetherHaveALimit() {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> settings("jobs.workers=600", "mail.workers=423"))
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo("cluster.groups");
				assertThat(ex.getValue()).isEqualTo("1025 workers with those of cluster.workers");
				assertThat(ex.getAllowed()).isEqualTo("at most 1024 workers in all");
			});
	}

	@Test
	void workersOfAllGroupsCountForTheWarning(CapturedOutput output) {
		int processors = Runtime.getRuntime().availableProcessors();
		MasterSettingsFactory.check(environment("cluster.groups.jobs.workers=" + 4 * processors));
		assertThat(output.toString().lines().filter((line) -> line.contains("WARN"))).singleElement()
			.asString()
			.contains("cluster.workers and the workers of cluster.groups make %d on %d processors"
				.formatted(4 * processors + 2, processors));
	}

	private static MasterSettings settings(String... properties) {
		String[] names = new String[properties.length];
		for (int i = 0; i < names.length; i++) {
			names[i] = "cluster.groups." + properties[i];
		}
		return MasterSettingsFactory.create(environment(names));
	}

	private static MockEnvironment environment(String... properties) {
		MockEnvironment environment = new MockEnvironment();
		environment.setProperty("cluster.workers", "2");
		for (String property : properties) {
			String[] parts = property.split("=", 2);
			environment.setProperty(parts[0], parts[1]);
		}
		return environment;
	}

}
