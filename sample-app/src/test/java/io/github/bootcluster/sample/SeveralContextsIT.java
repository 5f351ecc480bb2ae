package io.github.bootcluster.sample;

import java.nio.file.Files;
import java.nio.file.Path;

import io.github.bootcluster.apps.family.FamilyApplication;
import io.github.bootcluster.apps.family.HierarchyApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on an application that has more contexts than one, on settings by slot, and on
 * signals that come before there is a cluster.
 */
class SeveralContextsIT {

	private static final String FORKED = ": Worker \\d+ \\(slot .* was forked";

	@TempDir
	private Path folder;

	@Test
	void applicationItselfDecidesAndSignalsOfTheFirstMomentAreObeyedLater() throws Exception {
		Files.writeString(this.folder.resolve("application.yaml"), """
				cluster.worker.env.COLOUR: green
				logging.file.name: app-${cluster.worker.slot}-${cluster.worker.id}-${cluster.worker.group}.log
				""");
		try (ClusterProcess process = ClusterProcess.named("several-contexts")
			.workersConfiguredElsewhere(1)
			.env("CLUSTER_WORKERS", "1")
			.directory(this.folder)
			.target(TestApplication.target(FamilyApplication.class))
			.start()) {
			process.await("handlers", () -> ProcessProbe.catches(process.pid(), 10));
			for (String signal : new String[] { "HUP", "USR1", "TTIN" }) {
				process.signal(signal);
			}
			process.awaitLine("Rolling restart .* completed: generation 2 serves");
			process.await("second worker", () -> process.workers().size() == 2);
			process.awaitReady(2);
			long worker = process.workers().iterator().next();
			assertThat(ProcessProbe.environment(worker)).contains("COLOUR=green");
			assertThat(process.output().linesMatching("^worker-1 \\| The bootstrap context has done")).isNotEmpty();
			assertThat(process.output().linesMatching("Starting rolling restart")).hasSize(1);
			for (String name : new String[] { "app-master-master-master.log", "app-1-1-default.log" }) {
				assertThat(this.folder.resolve(name)).isNotEmptyFile();
			}
		}
	}

	@Test
	void childThatIsReadyFirstDoesNotMakeItsWorkerReady() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("several-contexts-failing")
			.workers(2)
			.target(TestApplication.target(FamilyApplication.class))
			.args("--family.failing=true")
			.start()) {
			assertThat(process.exitCode()).isOne();
			assertThat(process.output().linesMatching("^worker-1 \\| The child is ready")).hasSize(1);
			assertThat(process.output().linesMatching(FORKED)).hasSize(1);
			assertThat(process.output().linesMatching("is ready after")).isEmpty();
		}
	}

	@Test
	void parentThatIsReadyFirstDoesNotMakeItsWorkerReady() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("several-contexts-hierarchy")
			.workers(1)
			.target(TestApplication.target(HierarchyApplication.class))
			.startReady()) {
			assertThat(process.output().linesMatching(" (listens on|is ready after) ")).hasSize(2)
				.first()
				.asString()
				.contains(" listens on ");
		}
	}

	@Test
	void termOfTheFirstMomentEndsTheMasterInOrder() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("early-term")
			.workers(2)
			.target(TestApplication.target(FamilyApplication.class))
			.start()) {
			process.await("handlers", () -> ProcessProbe.catches(process.pid(), 10));
			process.signal("TERM");
			assertThat(process.exitCode()).isZero();
			assertThat(process.output().linesMatching("Received TERM")).hasSize(1);
			assertThat(process.leftovers()).isEmpty();
		}
	}

	@Test
	void unclusteredProcessDiesOfSignalsAsEver() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("early-term-unclustered")
			.workers(0)
			.directory(this.folder)
			.args("--logging.file.name=app-${cluster.worker.slot}-${cluster.worker.group}.log")
			.target(TestApplication.target(FamilyApplication.class))
			.start()) {
			process.await("handlers", () -> ProcessProbe.catches(process.pid(), 10));
			process.signal("USR1");
			// What the kernel does without a handler
			assertThat(process.exitCode()).isEqualTo(138);
		}
	}

}
