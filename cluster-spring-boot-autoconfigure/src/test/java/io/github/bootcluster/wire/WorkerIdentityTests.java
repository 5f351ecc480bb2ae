package io.github.bootcluster.wire;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class WorkerIdentityTests {

	private final WorkerIdentity identity = new WorkerIdentity(7, 2, 3, Path.of("/run/cluster-1/control.sock"));

	@Test
	void workerReadsWhatItsMasterWrote() {
		assertThat(WorkerIdentity.from(this.identity.toEnvironment())).isEqualTo(this.identity);
	}

	@ParameterizedTest
	@ValueSource(strings = { "CLUSTER_WORKER_SLOT", "CLUSTER_WORKER_GENERATION", "CLUSTER_CONTROL_SOCKET" })
	void variableThatIsMissingIsNamed(String variable) {
		Map<String, String> environment = new HashMap<>(this.identity.toEnvironment());
		environment.remove(variable);
		assertThatExceptionOfType(NoMasterException.class).isThrownBy(() -> WorkerIdentity.from(environment))
			.withMessageContaining(variable)
			.satisfies((ex) -> assertThat(ex.getWorker()).isEqualTo("7"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "CLUSTER_WORKER_ID", "CLUSTER_WORKER_SLOT", "CLUSTER_WORKER_GENERATION" })
	void variableThatIsNoNumberIsNamed(String variable) {
		Map<String, String> environment = new HashMap<>(this.identity.toEnvironment());
		environment.put(variable, "one");
		assertThatExceptionOfType(NoMasterException.class).isThrownBy(() -> WorkerIdentity.from(environment))
			.withMessageContaining(variable + " is 'one' and not a number");
	}

}
