package io.github.bootcluster.autoconfigure.role;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.wire.WorkerIdentity;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on the log files of processes that are configured with the same one.
 */
class ProcessLogFileTests {

	private static final String PATTERN = "logging.logback.rollingpolicy.file-name-pattern";

	@ParameterizedTest
	@CsvSource({ "app.log, app-2.log, app-master.log",
			"/var/log/my.app.log, /var/log/my.app-2.log, /var/log/my.app-master.log",
			"logs.d/app, logs.d/app-2, logs.d/app-master", ".hidden, .hidden-2, .hidden-master",
			"app12.log, app12-2.log, app12-master.log", "app-2.0.log, app-2.0-2.log, app-2.0-master.log" })
	void eachProcessHasItsOwn(String configured, String worker, String master) {
		Map<String, Object> properties = Map.of("logging.file.name", configured);
		assertThat(ofWorker(properties, "default", 2)).isEqualTo(Map.of("logging.file.name", worker));
		assertThat(ProcessLogFile.ofMaster(environment(properties))).isEqualTo(Map.of("logging.file.name", master));
	}

	@Test
	void groupStandsInTheName() {
		assertThat(ofWorker(Map.of("logging.file.name", "app.log"), "jobs", 1))
			.isEqualTo(Map.of("logging.file.name", "app-jobs-1.log"));
	}

	@Test
	void fileOfAFolderIsThatOfSpringBoot() {
		assertThat(ofWorker(Map.of("logging.file.path", "/var/log/app"), "default", 1))
			.isEqualTo(Map.of("logging.file.name", "/var/log/app/spring-1.log"));
	}

	@Test
	void filesThatAreRolledAwayHaveNamesOfTheirOwnAsWell() {
		assertThat(
				ofWorker(Map.of("logging.file.name", "app.log", PATTERN, "old/app.%d{yyyy-MM-dd}.%i.gz"), "default", 1))
			.containsEntry(PATTERN, "old/app-1.%d{yyyy-MM-dd}.%i.gz");
		assertThat(ofWorker(Map.of("logging.file.name", "app.log", PATTERN, "${LOG_FILE}.%d{yyyy-MM-dd}.%i"), "default",
				1))
			.containsOnlyKeys("logging.file.name");
	}

	@ParameterizedTest
	@ValueSource(
			strings = { "app-${cluster.worker.slot}.log", "app-${cluster.worker.id}.log", "app-2.log", "app.2.log" })
	void fileThatTheApplicationNamesByProcessStaysSo(String configured) {
		assertThat(ofWorker(Map.of("logging.file.name", configured, "cluster.worker.slot", 2, "cluster.worker.id", 7),
				"default", 2))
			.isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "logs/app-%d{yyyy.MM.dd}.%i.gz | logs/app-%d{yyyy.MM.dd}-1.%i.gz",
			"%d{yyyy/MM,aux}/app.%i | %d{yyyy/MM,aux}/app-1.%i" })
	void dateOfARolledFileStaysADate(String pattern, String expected) {
		for (String property : List.of(PATTERN, "logging.log4j2.rollingpolicy.file-name-pattern")) {
			assertThat(ofWorker(Map.of("logging.file.name", "app.log", property, pattern), "default", 1))
				.containsEntry(property, expected);
		}
	}

	@Test
	void deviceIsLeftAlone() {
		assertThat(ofWorker(Map.of("logging.file.name", "/dev/null"), "default", 1)).isEmpty();
	}

	@Test
	void withoutALogFileThereIsNone() {
		assertThat(ofWorker(Map.of(), "default", 1)).isEmpty();
		assertThat(ProcessLogFile.ofMaster(environment(Map.of("logging.file.name", "")))).isEmpty();
	}

	private static Map<String, Object> ofWorker(Map<String, Object> properties, String group, int slot) {
		return ProcessLogFile.ofWorker(environment(properties),
				new WorkerIdentity(7, group, slot, 1, Path.of("/tmp/control.sock")));
	}

	private static StandardEnvironment environment(Map<String, Object> properties) {
		StandardEnvironment environment = new StandardEnvironment();
		environment.getPropertySources().addFirst(new MapPropertySource("test", properties));
		return environment;
	}

}
