package io.github.bootcluster.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

import io.github.bootcluster.apps.lazy.LazyApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on an application with lazy initialization, a bean named {@code cluster} and
 * beans for one role only.
 */
class LazyApplicationIT {

	@TempDir
	private Path folder;

	@Test
	void unclusteredItStartsWithItsOwnBeanNamedCluster() throws Exception {
		try (ClusterProcess process = builder("lazy-standalone").workers(0).startReady()) {
			assertThat(process.get("/").text()).contains("\"nodes\":[\"one\",\"two\"]")
				.contains("\"only\":[\"onlyStandalone\"]");
		}
	}

	@Test
	void clusteredItStartsTrustsNoBadGenerationAndLeavesNothingBehind() throws Exception {
		try (ClusterProcess process = builder("lazy-clustered").workers(2).startReady()) {
			assertThat(process.get("/").text()).contains("\"nodes\":[\"one\",\"two\"]")
				.contains("\"only\":[\"onlyInAWorker\"]");
			process.awaitLine("^The master heard of slot 1");
			assertThat(process.output().linesMatching("The master heard of slot 1")).hasSize(1);
			Set<Long> workers = process.awaitReady();
			Files.createFile(this.folder.resolve("disk-full"));
			HttpAnswer answer = process.restartAndAwait();
			assertThat(answer.status()).as(answer.text()).isEqualTo(500);
			assertThat(answer.text()).contains("disk: DOWN");
			assertThat(process.workers()).containsAll(workers);
			process.killHard(process.pid());
			process.exitCode();
			assertThat(process.awaitNoProcess(Duration.ofSeconds(60))).isTrue();
			assertThat(process.leftovers()).isEmpty();
		}
	}

	private ClusterProcessBuilder builder(String name) {
		return ClusterProcess.named(name)
			.directory(this.folder)
			.args("--cluster.restart.soak=3s")
			.target(TestApplication.target(LazyApplication.class));
	}

}
