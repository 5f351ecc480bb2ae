package io.github.bootcluster.sample;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

import io.github.bootcluster.apps.greedy.GreedyApplication;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on workers of another account that want the master to listen here and there.
 */
class GreedyWorkerIT {

	private static final int DESCRIPTORS = 400;

	private static final int CONNECTIONS = 200;

	private static final int PRIVILEGED = 77;

	/**
	 * In some containers every account may bind every port.
	 */
	private static final Path FIRST_UNPRIVILEGED = Path.of("/proc/sys/net/ipv4/ip_unprivileged_port_start");

	@Test
	void masterListensOnlyWhereTheAccountCouldAndKeepsEnoughDescriptorsForAll() throws Exception {
		try (OtherAccount account = OtherAccount.assumeAvailable();
				ClusterProcess process = ClusterProcess.named("greedy-worker")
					.workers(2)
					.launchedBy("prlimit", "--nofile=%1$d:%1$d".formatted(DESCRIPTORS))
					.openTemporaryFolder()
					.target("-cp", account.readableCopies(TestApplication.classPath()),
							GreedyApplication.class.getName())
					.args("--cluster.worker.run-as.user=nobody")
					.startReady()) {
			Path socket = Path.of(System.getProperty("user.home"), "greedy-worker.sock");
			assertThat(process.get("/listen?path=" + socket).text()).startsWith("0 servers ")
				.contains("the path is not configured in the master, and the workers' account may not write to '");
			assertThat(socket).doesNotExist();
			if (PRIVILEGED > Integer.parseInt(Files.readAllLines(FIRST_UNPRIVILEGED).get(0))) {
				assertThat(process.get("/listen?port=" + PRIVILEGED).text()).startsWith("1 servers ");
			}
			else {
				assertThat(process.get("/listen?port=" + PRIVILEGED).text()).startsWith("0 servers ")
					.contains("port 77 is not configured in the master, and the workers' account 'nobody");
			}
			assertThat(process.get("/listen?count=300").text())
				.matches("[1-4][0-9] servers .* listens? on \\d+ addresses at most.*");
			Set<Long> workers = process.workers();
			try (PendingRequests requests = PendingRequests.send(process.port(), CONNECTIONS, Duration.ofSeconds(60))) {
				assertThat(requests.awaitPids()).hasSize(CONNECTIONS).allMatch(workers::contains);
			}
			workers.forEach(process::killHard);
			assertThat(process.awaitReplaced(workers)).hasSize(2);
		}
	}

}
