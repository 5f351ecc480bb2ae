package io.github.bootcluster.sample;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about a master that dies without a word.
 */
class MasterKilledIT {

	@Test
	void workersFinishWhatTheyHaveAndTheNextMasterStartsAtOnce() throws Exception {
		int port = freePort();
		try (ClusterProcess dead = start("master-killed", port)) {
			dead.awaitReady();
			SlowRequest slow = SlowRequest.begin(dead, dead.get("/").pid().orElseThrow(), 9876);
			dead.killHard(dead.pid());
			dead.exitCode();
			try (ClusterProcess next = start("master-killed-next", port)) {
				next.awaitReady();
				assertThat(next.workers()).doesNotContain(slow.pid());
				assertThat(slow.answeredBy()).isEqualTo(slow.pid());
				assertThat(dead.awaitNoProcess(Duration.ofSeconds(30))).isTrue();
				assertThat(dead.leftovers()).isEmpty();
				assertThat(next.get("/").pid().orElseThrow()).isIn(next.workers());
			}
		}
	}

	private static ClusterProcess start(String name, int port) throws Exception {
		return ClusterProcess.named(name)
			.workers(1)
			.args("--server.port=" + port, "--logging.level.io.github.bootcluster.sample=debug")
			.start();
	}

	private static int freePort() throws Exception {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
			return socket.getLocalPort();
		}
	}

}
