package io.github.bootcluster.wire;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Promises on the environment of a worker.
 */
class WorkerIdentityTests {

	private static final WorkerIdentity IDENTITY = new WorkerIdentity(7, "jobs", 2, 3, Path.of("/run/control.sock"));

	@Test
	void identityTravelsThroughTheEnvironment() {
		assertThat(WorkerIdentity.from(IDENTITY.toEnvironment())).isEqualTo(IDENTITY);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			CLUSTER_WORKER_ID         | one        | CLUSTER_WORKER_ID is 'one' and not a number
			CLUSTER_WORKER_ID         | 2147483648 | CLUSTER_WORKER_ID is '2147483648' and not a number
			CLUSTER_WORKER_ID         | ''         | the variable CLUSTER_WORKER_ID is empty
			CLUSTER_WORKER_SLOT       | 1.5        | CLUSTER_WORKER_SLOT is '1.5' and not a number
			CLUSTER_WORKER_SLOT       |            | the variable CLUSTER_WORKER_SLOT is missing
			CLUSTER_WORKER_GENERATION | new        | CLUSTER_WORKER_GENERATION is 'new' and not a number
			CLUSTER_WORKER_GENERATION |            | the variable CLUSTER_WORKER_GENERATION is missing
			CLUSTER_CONTROL_SOCKET    | ' '        | the variable CLUSTER_CONTROL_SOCKET is empty
			CLUSTER_CONTROL_SOCKET    |            | the variable CLUSTER_CONTROL_SOCKET is missing
			""")
	void variableThatNoMasterWouldSetIsNamed(String variable, @Nullable String value, String problem) {
		Map<String, String> environment = new HashMap<>(IDENTITY.toEnvironment());
		environment.remove(variable);
		if (value != null) {
			environment.put(variable, value);
		}
		assertThatExceptionOfType(NoMasterException.class).isThrownBy(() -> WorkerIdentity.from(environment))
			.satisfies((ex) -> {
				assertThat(ex.getProblem()).isEqualTo(problem);
				assertThat(ex.getWorker()).isEqualTo(environment.get("CLUSTER_WORKER_ID"));
			});
	}

}
