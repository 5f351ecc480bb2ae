package io.github.bootcluster.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on a release of Java that is newer than the oldest that will do.
 */
class NewerJavaIT {

	private static final int FIRST = 25;

	@TempDir
	private Path folder;

	@Test
	void clusterStartsRestartsAndRespawnsWithoutAWarning() throws Exception {
		Path java = InstalledJdks.launcher(FIRST, Integer.MAX_VALUE).orElse(null);
		Assumptions.assumeTrue(java != null, "No JDK %d is installed".formatted(FIRST));
		Path sample = Path.of(System.getProperty("sample.jar"));
		Path jar = Files.copy(sample, this.folder.resolve("app.jar"), StandardCopyOption.COPY_ATTRIBUTES);
		try (ClusterProcess process = ClusterProcess.named("newer-java")
			.workers(2)
			.java(java)
			// Workers have their arguments in a file, which this forbids
			.env("JDK_JAVA_OPTIONS", "-Dsample.spaced='b  c' --disable-@files")
			.target("-jar", jar.toString())
			.startReady()) {
			Set<Long> first = process.workers();
			assertThat(WorkerEnvironment.of(first.iterator().next()).get("JDK_JAVA_OPTIONS"))
				.isEqualTo("-Dsample.spaced='b  c'");
			HttpAnswer answer = process.restartAndAwait();
			assertThat(answer.status()).as(answer.text()).isEqualTo(200);
			Set<Long> second = process.awaitReplaced(first);
			assertThat(process.output().linesMatching(" (WARN|ERROR) ")).isEmpty();
			Files.write(jar, "This is no JAR".getBytes(), StandardOpenOption.TRUNCATE_EXISTING);
			process.killHard(second.iterator().next());
			process.awaitReplaced(Set.of(second.iterator().next()));
			assertThat(process.restartAndAwait().text()).contains("ABORTED", "app.jar");
			process.signal("TERM");
			assertThat(process.exitCode()).isZero();
		}
	}

}
