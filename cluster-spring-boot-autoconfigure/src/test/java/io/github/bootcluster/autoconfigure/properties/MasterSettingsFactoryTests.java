package io.github.bootcluster.autoconfigure.properties;

import java.time.Duration;
import java.util.List;

import io.github.bootcluster.master.listen.DescriptorBudget;
import io.github.bootcluster.master.supervise.MasterSettings;
import io.github.bootcluster.master.supervise.RecyclePolicy;
import io.github.bootcluster.master.supervise.RespawnPolicy;
import io.github.bootcluster.master.supervise.RestartPolicy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises on values that can be converted and make no sense.
 */
@ExtendWith(OutputCaptureExtension.class)
class MasterSettingsFactoryTests {

	@Test
	void defaultsAreThoseOfTheDocumentation() {
		assertThat(settings("cluster.workers=4"))
			.isEqualTo(new MasterSettings(4, List.of(), Duration.ofSeconds(60), Duration.ofSeconds(30), 0,
					Duration.ofSeconds(30), Duration.ofSeconds(35),
					new RespawnPolicy(Duration.ofSeconds(1), 1.5, Duration.ofSeconds(30), Duration.ofSeconds(30), 10,
							true),
					new RestartPolicy(Duration.ofMinutes(5), 1, Duration.ZERO, false, 0),
					new RecyclePolicy(0, 0, Duration.ZERO, 0), DescriptorBudget.ofThisProcess()));
	}

	@Test
	void timeToStopIsLongerThanSpringsUnlessItIsSet() {
		assertThat(settings("cluster.workers=4", "spring.lifecycle.timeout-per-shutdown-phase=60s").stopTimeout())
			.isEqualTo(Duration.ofSeconds(65));
		assertThat(settings("cluster.workers=4", "spring.lifecycle.timeout-per-shutdown-phase=999999d").stopTimeout())
			.isEqualTo(Duration.ofDays(365));
		assertThat(settings("cluster.workers=4", "spring.lifecycle.timeout-per-shutdown-phase=60s",
				"cluster.worker.stop-timeout=7s")
			.stopTimeout()).isEqualTo(Duration.ofSeconds(7));
	}

	@Test
	void autoIsOneWorkerPerProcessor() {
		assertThat(settings("cluster.workers=auto").workers()).isEqualTo(Runtime.getRuntime().availableProcessors());
	}

	@ParameterizedTest
	@ValueSource(strings = { "worker.start-timeout", "worker.stop-timeout", "drain.timeout", "restart.timeout",
			"respawn.initial-delay", "respawn.max-delay", "respawn.healthy-after" })
	void durationOutOfRangeIsRefusedAsItWasWritten(String name) {
		for (String value : new String[] { "0s", "-5s", "366d", "-PT1S", "9223372036854775807s" }) {
			assertRefused(name, value, "a duration above 0 and of at most 365 days, such as 30s");
		}
		assertThat(settings("cluster.respawn.max-delay=365d", "cluster." + name + "=365d")).isNotNull();
	}

	@Test
	void durationThatMayBeZeroIsRefusedBelow() {
		for (String value : new String[] { "-5s", "366d" }) {
			assertRefused("restart.soak", value, "a duration above 0 and of at most 365 days, such as 30s");
		}
		assertThat(settings("cluster.restart.soak=0s")).isNotNull();
	}

	@Test
	void heartbeatTimeoutLeavesTimeForABeat() {
		for (String value : new String[] { "-5s", "1ms", "1999ms", "366d" }) {
			assertRefused("worker.heartbeat-timeout", value,
					"a duration of at least 2s and at most 365 days, such as 30s, or 0 for no limit");
		}
		assertThat(settings("cluster.worker.heartbeat-timeout=0").heartbeatTimeout()).isZero();
		assertThat(settings("cluster.worker.heartbeat-timeout=2s").heartbeatTimeout()).hasSeconds(2);
	}

	@Test
	void workerHasNoNegativeNumberOfConnections() {
		assertRefused("worker.max-connections", "-1", "a whole number of at least 0");
		assertThat(settings("cluster.worker.max-connections=0")).isNotNull();
		assertThat(settings("cluster.worker.max-connections=1")).isNotNull();
	}

	@Test
	void proxyProtocolNeedsItsLibrary() {
		assertThat(settings("cluster.proxy-protocol=true")).isNotNull();
		ClassLoader before = Thread.currentThread().getContextClassLoader();
		Thread.currentThread().setContextClassLoader(new FilteredClassLoader("io.netty.handler.codec.haproxy"));
		try {
			assertRefused("proxy-protocol", "true",
					"false, or add the library 'io.netty:netty-codec-haproxy', by which workers read the header");
			assertThat(settings("cluster.proxy-protocol=false")).isNotNull();
		}
		finally {
			Thread.currentThread().setContextClassLoader(before);
		}
	}

	@Test
	void warmUpThatMakesNoSenseIsRefused() {
		for (String path : new String[] { "health", "http://localhost/", "/a b", "/ü" }) {
			assertRefused("warmup.paths", path,
					"paths that begin with '/', with all characters encoded that a URL cannot have");
		}
		for (String value : new String[] { "0", "-1", "10001" }) {
			assertRefused("warmup.requests", value, "a whole number from 1 to 10000");
		}
		for (String value : List.of("-1s", "366d")) {
			assertRefused("warmup.ramp", value, "a duration above 0 and of at most 365 days, such as 30s");
		}
		assertThat(settings("cluster.warmup.paths=/,/items/1?sort=name&page=2,/a%20b", "cluster.warmup.requests=10000"))
			.isNotNull();
	}

	@Test
	void readinessThatNeedsNoWorkerOrTooManyIsRefused() {
		for (String value : List.of("0", "-1", "1025")) {
			assertRefused("health.min-ready", value, "a whole number from 1 to 1024");
		}
		assertThat(settings("cluster.health.min-ready=2")).isNotNull();
	}

	@Test
	void scrapeThatWaitsForNobodyOrForEverIsRefused() {
		for (String value : List.of("0s", "-1s", "99ms", "61s")) {
			assertRefused("metrics.timeout", value, "a duration of at least 100ms and at most 1m, such as 1s");
		}
		assertThat(settings("cluster.metrics.timeout=100ms")).isNotNull();
	}

	@Test
	void trainingRunWithoutAnArchiveIsRefused() {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> settings("cluster.archive.training-run=true", "cluster.archive.enabled=false"))
			.satisfies((ex) -> assertThat(ex.getAllowed()).isEqualTo("false where cluster.archive.enabled is false"));
		assertThat(settings("cluster.archive.training-run=true")).isNotNull();
	}

	@Test
	void recyclingIsConfigured() {
		assertThat(settings("cluster.worker.max-requests=1000").recycle())
			.isEqualTo(new RecyclePolicy(1000, 0, Duration.ZERO, 0));
		assertThat(settings("cluster.worker.max-requests-jitter=50").recycle().maxRequestsJitter()).isEqualTo(50);
		assertThat(settings("cluster.worker.max-lifetime=1d").recycle().maxLifetime()).isEqualTo(Duration.ofDays(1));
		assertThat(settings("cluster.worker.max-memory=512MB").recycle().maxMemory()).isEqualTo(512 * 1024 * 1024);
	}

	@Test
	void recyclingThatMakesNoSenseIsRefused() {
		assertRefused("worker.max-requests", "-1", "a whole number of at least 0");
		assertRefused("worker.max-requests-jitter", "-1", "a whole number of at least 0");
		for (String value : new String[] { "0s", "1ms", "9s", "366d" }) {
			assertRefused("worker.max-lifetime", value, "a duration of at least 10s and at most 365 days, such as 12h");
		}
		for (String value : new String[] { "0MB", "1B", "31MB", "-1GB" }) {
			assertRefused("worker.max-memory", value, "a size of at least 32MB, such as 512MB");
		}
	}

	@Test
	void firstDelayThatIsLongerThanTheLongestIsRefused() {
		assertRefused("respawn.initial-delay", "60s", "at most cluster.respawn.max-delay, which is 30s");
		assertThat(settings("cluster.respawn.max-delay=100ms").respawn().maxDelay()).hasMillis(100);
	}

	@ParameterizedTest
	@ValueSource(strings = { "drain.timeout", "worker.start-timeout", "restart.timeout", "respawn.healthy-after" })
	void durationWithoutAUnitBelowASecondIsWarnedOf(String name, CapturedOutput output) {
		MasterSettingsFactory.check(environment("cluster." + name + "=5", "cluster.restart.soak=0"));
		assertThat(output.toString().lines().filter((line) -> line.contains("WARN"))).singleElement()
			.asString()
			.endsWith("cluster.%s is 5, which means 5 ms; did you mean 5s?".formatted(name));
	}

	@Test
	void durationWithAUnitAndOneOfASecondOrMoreAreNotWarnedOf(CapturedOutput output) {
		MasterSettingsFactory.check(environment("cluster.drain.timeout=500ms", "cluster.restart.timeout=30000"));
		assertThat(output).doesNotContain("WARN");
	}

	@Test
	void jitterWithoutAMaximumIsWarnedOf(CapturedOutput output) {
		MasterSettingsFactory.check(environment("cluster.worker.max-requests-jitter=50"));
		assertThat(output).contains("cluster.worker.max-requests-jitter has no effect");
	}

	@Test
	void variableThatNoProcessCanHaveIsRefused() {
		for (String name : new String[] { "worker.env", "groups.jobs.env" }) {
			assertVariableRefused(name, "a=b", "x",
					"a variable whose name has a character, and neither '=' nor a null character");
			assertVariableRefused(name, "N\0", "x",
					"a variable whose name has a character, and neither '=' nor a null character");
			assertVariableRefused(name, "N", "a\0b", "a value without null characters");
			assertVariableRefused(name, "CLUSTER_WORKER_ID", "5",
					"another name, as the master itself sets all variables that begin with CLUSTER_WORKER_ or "
							+ "CLUSTER_CONTROL_");
		}
	}

	private static void assertVariableRefused(String property, String name, String value, String allowed) {
		String variable = "cluster." + property + "[" + name + "]";
		MockEnvironment environment = environment("cluster.workers=1");
		environment.setProperty(variable, value);
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> MasterSettingsFactory.create(environment))
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo(variable.replace("\0", "\\0"));
				assertThat(ex.getValue()).isEqualTo(value.replace("\0", "\\0"));
				assertThat(ex.getAllowed()).isEqualTo(allowed);
			});
	}

	@Test
	void multiplierThatWouldShortenDelaysIsRefused() {
		for (String value : new String[] { "0.99", "0", "-2", "NaN", "-Infinity", "Infinity", "1001" }) {
			assertRefused("respawn.multiplier", value, "a number from 1 to 1000");
		}
		assertThat(settings("cluster.respawn.multiplier=1")).isNotNull();
	}

	@Test
	void attemptsAreAtLeastOne() {
		for (String value : new String[] { "0", "-1", "1025" }) {
			assertRefused("respawn.max-attempts", value, "a whole number from 1 to 1024");
		}
		assertThat(settings("cluster.respawn.max-attempts=1").respawn().maxAttempts()).isOne();
	}

	@Test
	void soakThatLeavesARestartNoTimeIsRefused() {
		assertRefused("restart.soak", "5m", "less than cluster.restart.timeout, which is 300s");
		assertThat(settings("cluster.restart.soak=4m").restart().soak()).isEqualTo(Duration.ofMinutes(4));
	}

	@Test
	void surgeIsNotNegative() {
		for (String value : new String[] { "-1", "1025" }) {
			assertRefused("restart.surge", value, "a whole number from 0 to 1024");
		}
		assertThat(settings("cluster.restart.surge=0").restart().surge()).isZero();
	}

	@Test
	void moreThanFourWorkersPerProcessorAreAllowedWithOneWarning(CapturedOutput output) {
		int processors = Runtime.getRuntime().availableProcessors();
		MasterSettingsFactory.check(environment("cluster.workers=" + 4 * processors));
		assertThat(output).doesNotContain("WARN");
		MasterSettingsFactory.check(environment("cluster.workers=" + (4 * processors + 1)));
		assertThat(output.toString().lines().filter((line) -> line.contains("WARN"))).singleElement()
			.asString()
			.contains("cluster.workers is %d on %d processors".formatted(4 * processors + 1, processors));
	}

	private static void assertRefused(String name, String value, String allowed) {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> settings("cluster." + name + "=" + value))
			.satisfies((ex) -> {
				assertThat(ex.getProperty()).isEqualTo("cluster." + name);
				assertThat(ex.getValue()).isEqualTo(value);
				assertThat(ex.getAllowed()).isEqualTo(allowed);
			});
	}

	private static MasterSettings settings(String... properties) {
		return MasterSettingsFactory.create(environment(properties));
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
