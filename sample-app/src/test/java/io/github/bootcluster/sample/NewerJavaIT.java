package io.github.bootcluster.sample;

import java.nio.file.Path;
import java.util.Set;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on a release of Java that is newer than the oldest that will do.
 */
class NewerJavaIT {

	private static final int FIRST = 25;

	@Test
	void clusterStartsRestartsAndRespawnsWithoutAWarning() throws Exception {
		Path java = InstalledJdks.launcher(FIRST, Integer.MAX_VALUE).orElse(null);
		Assumptions.assumeTrue(java != null, "No JDK %d is installed".formatted(FIRST));
		try (ClusterProcess process = ClusterProcess.named("newer-java")
			.workers(2)
			.java(java)
			.target("-jar", System.getProperty("sample.jar"))
			.startReady()) {
			Set<Long> first = process.workers();
			HttpAnswer answer = process.restartAndAwait();
			assertThat(answer.status()).as(answer.text()).isEqualTo(200);
			Set<Long> second = process.awaitReplaced(first);
			assertThat(process.output().linesMatching(" (WARN|ERROR) ")).isEmpty();
			process.killHard(second.iterator().next());
			process.awaitReplaced(Set.of(second.iterator().next()));
			process.signal("TERM");
			assertThat(process.exitCode()).isZero();
		}
	}

}
