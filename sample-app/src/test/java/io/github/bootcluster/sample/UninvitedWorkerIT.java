package io.github.bootcluster.sample;

import java.nio.file.Path;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on processes that are told to be workers by somebody else than a master.
 */
class UninvitedWorkerIT {

	private static final String ACTION = "Only a master sets this variable: if you set it, or your environment inherited it, remove it. "
			+ "If a master forked this process, see to it that both have the same version of the starter.";

	@Test
	void workerIdAloneIsExplained() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("uninvited-alone")
			.workers(2)
			.jvmArgs("-Dcluster.worker.slot=1")
			.env("CLUSTER_WORKER_ID", "1")
			.start()) {
			assertExplained(process, "1", "the variable CLUSTER_CONTROL_SOCKET is missing");
		}
	}

	@Test
	void workerIdThatIsNoNumberIsExplained() throws Exception {
		try (ClusterProcess process = uninvited("uninvited-no-number", "one", Path.of("/nowhere")).start()) {
			assertExplained(process, "one", "CLUSTER_WORKER_ID is 'one' and not a number");
		}
	}

	@Test
	void socketThatLeadsNowhereIsExplained() throws Exception {
		try (ClusterProcess process = uninvited("uninvited-nowhere", "1", Path.of("/nowhere/control.sock")).start()) {
			assertExplained(process, "1", "no master listens: Cannot connect to '/nowhere/control.sock': No such file");
		}
	}

	@Test
	void masterRefusesWhomItDidNotForkAndItsOwnWorkerServesOn() throws Exception {
		try (ClusterProcess master = ClusterProcess.named("uninvited-master").workers(1).startReady()) {
			Set<Long> workers = master.workers();
			Path socket = WorkerEnvironment.of(workers.iterator().next()).controlSocket();
			for (String id : new String[] { "1", "99" }) {
				try (ClusterProcess process = uninvited("uninvited-" + id, id, socket).start()) {
					assertExplained(process, id,
							"this master did not fork a worker %s with pid %d".formatted(id, process.pid()));
					master.awaitLine("WARN .*Refused .*this master did not fork a worker %s with pid %d".formatted(id,
							process.pid()));
				}
			}
			assertThat(master.awaitReady()).isEqualTo(workers).isEqualTo(master.workers());
			assertThat(master.output().linesMatching(" WARN ")).hasSize(2);
		}
	}

	private static ClusterProcessBuilder uninvited(String name, String id, Path socket) {
		return ClusterProcess.named(name)
			.workers(0)
			.jvmArgs("-Dcluster.worker.slot=1")
			.env("CLUSTER_WORKER_ID", id)
			.env("CLUSTER_WORKER_SLOT", "1")
			.env("CLUSTER_WORKER_GENERATION", "1")
			.env("CLUSTER_CONTROL_SOCKET", socket.toString());
	}

	private static void assertExplained(ClusterProcess process, String id, String problem) throws Exception {
		RefusedStart.assertExplained(process,
				"The environment variable CLUSTER_WORKER_ID is '%s', which makes this process a worker, but %s."
					.formatted(id, problem),
				ACTION);
	}

}
