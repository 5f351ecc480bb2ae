package io.github.bootcluster.sample;

import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on wrong settings, as their user sees them.
 */
class BadSettingsIT {

	@TempDir
	private Path directory;

	@Test
	void negativeNumberOfWorkersIsExplained() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("settings-workers")
			.workers(0)
			.args("--cluster.workers=-1")
			.start()) {
			RefusedStart.assertExplained(process,
					"Property 'cluster.workers' has the value '-1', which is not allowed.",
					"Set it to a whole number from 0 to 1024, or 'auto'.");
		}
	}

	@Test
	void unknownDistributionIsExplainedWithThoseThatThereAre() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("settings-distribution")
			.workers(2)
			.args("--cluster.distribution=quickest")
			.start()) {
			RefusedStart
				.assertExplained(process, "Property 'cluster.distribution' has the value 'quickest' (originating from "
						+ "\"cluster.distribution\" from property source \"commandLineArgs\"), which is not allowed.",
						"Set it to one of: round-robin, least-connections, ip-hash, random, shared, reuse-port.");
		}
	}

	@Test
	void durationInAnEnvironmentVariableIsExplained() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("settings-duration")
			.workers(2)
			.env("CLUSTER_DRAIN_TIMEOUT", "soon")
			.start()) {
			RefusedStart.assertExplained(process,
					"Property 'cluster.drain.timeout' has the value 'soon' (originating from "
							+ "System Environment Property \"CLUSTER_DRAIN_TIMEOUT\"), which is not allowed.",
					"Set it to a duration, such as 500ms, 30s or 5m.");
		}
	}

	@Test
	void valueOutOfRangeIsExplainedAsItWasWritten() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("settings-range")
			.workers(2)
			.args("--cluster.drain.timeout=0s")
			.start()) {
			RefusedStart.assertExplained(process,
					"Property 'cluster.drain.timeout' has the value '0s', which is not allowed.",
					"Set it to a duration above 0 and of at most 365 days, such as 30s.");
		}
	}

	@Test
	void nameThatDoesNotExistIsExplainedWithTheNearestWhereItWouldRunUnclustered() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("settings-name")
			.workers(0)
			.args("--cluster.wrkers=2")
			.start()) {
			RefusedStart.assertExplained(process,
					"There is no property 'cluster.wrkers' (\"cluster.wrkers\" from property source "
							+ "\"commandLineArgs\"). Did you mean 'cluster.workers'?",
					"Correct the name or remove the property. A property of the application's own needs another prefix.");
		}
	}

	@Test
	void tooFewDescriptorsForTheWorkersAreExplained() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("settings-descriptors")
			.workers(2)
			.launchedBy("prlimit", "--nofile=264:264")
			.start()) {
			RefusedStart.assertExplained(process,
					"2 workers need up to 272 open files in the master, but it may open only 264.",
					"Raise the limit (ulimit -n, or LimitNOFILE= of a systemd unit), or set cluster.workers to a smaller number.");
		}
	}

	@Test
	void moreThanFourWorkersPerProcessorAreWarnedOfOnce() throws Exception {
		int processors = Runtime.getRuntime().availableProcessors();
		Path file = Files.createFile(this.directory.resolve("file"));
		try (ClusterProcess process = ClusterProcess.named("settings-many-workers")
			.workers(4 * processors + 1)
			.args("--cluster.work-directory=" + file)
			.start()) {
			assertThat(process.exitCode()).isOne();
			process.awaitLine("APPLICATION FAILED TO START");
			assertThat(process.output()
				.linesMatching(
						"WARN .*cluster.workers is %d on %d processors".formatted(4 * processors + 1, processors)))
				.hasSize(1);
		}
	}

}
