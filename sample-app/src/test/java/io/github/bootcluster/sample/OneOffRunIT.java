package io.github.bootcluster.sample;

import io.github.bootcluster.apps.job.JobApplication;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on runs of an application that do something and end.
 */
class OneOffRunIT {

	@Test
	void jobOfAClusteredApplicationRunsOnceAndEnds() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("one-off-run")
			.workersConfiguredElsewhere(2)
			.env("CLUSTER_WORKERS", "2")
			.args("--spring.main.web-application-type=none")
			.target(TestApplication.target(JobApplication.class, TestApplication.Library.BATCH))
			.start()) {
			assertThat(process.exitCode()).isZero();
			assertThat(process.output().linesMatching("^The job has run")).hasSize(1);
			assertThat(process.output().linesMatching("INFO .*runs unclustered: it has no web server")).hasSize(1);
			assertThat(process.output().linesMatching("was forked| WARN ")).isEmpty();
		}
	}

	@Test
	void workerWhoseApplicationEndsIsToldAsThat() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("one-off-run-clustered")
			.workers(1)
			.args("--spring.main.web-application-type=none", "--cluster.enabled=true")
			.target(TestApplication.target(JobApplication.class, TestApplication.Library.BATCH))
			.start()) {
			process.awaitLine(": Worker 1 .* ended by itself with code 0");
		}
	}

}
