package io.github.bootcluster.sample;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about a master that dies without a word, under load.
 */
class MasterKilledIT {

	private static final Duration PAUSE = Duration.ofMillis(20);

	@Test
	void workersFinishWhatTheyHaveAndTheNextMasterStartsAtOnce() throws Exception {
		int port = FreePorts.find(InetAddress.getByName("0.0.0.0"));
		try (ClusterProcess dead = start("master-killed", port)) {
			Set<Long> workers = dead.awaitReady();
			LoadClient kept = LoadClient.keepAlive(port).pause(PAUSE).start();
			LoadClient fresh = LoadClient.newConnections(port).pause(PAUSE).start();
			try (kept; fresh) {
				kept.awaitMore(100);
				fresh.awaitMore(100);
				List<SlowRequest> slow = new ArrayList<>();
				for (long worker : workers) {
					slow.add(SlowRequest.begin(dead, worker, 9876 + slow.size()));
				}
				dead.killHard(dead.pid());
				dead.exitCode();
				try (ClusterProcess next = start("master-killed-next", port)) {
					next.awaitReady();
					for (SlowRequest request : slow) {
						assertThat(request.answeredBy()).isEqualTo(request.pid());
					}
					assertThat(dead.awaitNoProcess(Duration.ofSeconds(30))).isTrue();
					assertThat(dead.leftovers()).isEmpty();
					kept.awaitMore(100);
					fresh.awaitMore(100);
					assertEveryRequestTakenIsAnswered(kept.stop(), fresh.stop());
					assertThat(next.get("/").pid().orElseThrow()).isIn(next.workers());
					assertThat(next.workers()).doesNotContainAnyElementsOf(workers);
				}
			}
		}
	}

	/**
	 * While nobody listens, connections are refused. Those that the dead master had not
	 * handed over yet end with it, of which no more than one for each thread can be.
	 * @param kept the client that kept its connections
	 * @param fresh the client with a new connection each time
	 */
	private static void assertEveryRequestTakenIsAnswered(LoadReport kept, LoadReport fresh) {
		FaultLine.print("workersFinishWhatTheyHaveAndTheNextMasterStartsAtOnce", 1, List.of(kept, fresh));
		for (LoadReport report : List.of(kept, fresh)) {
			assertThat(report.outcomes().keySet()).as(report.toString())
				.isSubsetOf(EnumSet.of(Outcome.OK, Outcome.CONNECT_REFUSED, Outcome.RESET_BEFORE_RESPONSE,
						Outcome.CLOSED_BEFORE_RESPONSE));
			assertThat(report.count(Outcome.RESET_BEFORE_RESPONSE) + report.count(Outcome.CLOSED_BEFORE_RESPONSE))
				.as(report.toString())
				.isLessThanOrEqualTo(4);
		}
	}

	private static ClusterProcess start(String name, int port) throws Exception {
		return ClusterProcess.named(name)
			.workers(2)
			.args("--server.port=" + port, "--logging.level.io.github.bootcluster.sample=debug")
			.start();
	}

}
