package io.github.bootcluster.wire;

import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ForkRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises about the environment of a worker that is forked.
 */
class ForkEnvironmentTests {

	@Test
	void whatASystemTakesIsTaken() {
		Map<String, String> environment = Map.of("A", "", "b.c", "d=e\nf", "CLUSTER_WORKERS", "auto");
		assertThat(ForkEnvironment.check(environment)).isEqualTo(environment);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "A=B", "=", "A\0B" })
	void nameThatNoVariableCanHaveIsRefused(String name) {
		assertThatExceptionOfType(ForkRefusedException.class)
			.isThrownBy(() -> ForkEnvironment.check(Map.of(name, "value")))
			.withMessageContaining("'%s' cannot be the name", name);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CLUSTER_WORKER_ID", "CLUSTER_WORKER_SLOT", "CLUSTER_WORKER_GENERATION",
			"CLUSTER_WORKER_FUTURE", "CLUSTER_CONTROL_SOCKET" })
	void variableThatTheMasterSetsIsRefused(String name) {
		assertThatExceptionOfType(ForkRefusedException.class).isThrownBy(() -> ForkEnvironment.check(Map.of(name, "1")))
			.withMessageContaining(name + " is set by the master itself");
	}

	@Test
	void valueThatNoVariableCanHaveIsRefused() {
		assertThatExceptionOfType(ForkRefusedException.class)
			.isThrownBy(() -> ForkEnvironment.check(Map.of("A", "b\0c")))
			.withMessageContaining("variable A needs a value without null characters");
		assertThatExceptionOfType(ForkRefusedException.class)
			.isThrownBy(() -> ForkEnvironment.check(Collections.singletonMap("A", null)))
			.withMessageContaining("variable A needs a value");
	}

	@Test
	void environmentThatIsTooLargeIsRefused() {
		assertThatExceptionOfType(ForkRefusedException.class)
			.isThrownBy(() -> ForkEnvironment.check(Map.of("A", "x".repeat(200_000))))
			.withMessage("The environment of a worker has 200003 characters, allowed are 131072");
	}

	@Test
	void everyVariableOfAnIdentityIsReserved(@TempDir Path directory) {
		assertThat(new WorkerIdentity(1, ClusterWorker.DEFAULT_GROUP, 2, 3, directory).toEnvironment().keySet())
			.isNotEmpty()
			.allMatch(WorkerIdentity::isReserved);
	}

}
