package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises of a cluster that is never idle.
 */
class UnderLoadIT {

	private static final int THREADS = 8;

	/**
	 * Leaves the processors to the workers that start, which take long enough as it is.
	 */
	private static final Duration PAUSE = Duration.ofMillis(10);

	private static final int RESTARTS = 3;

	private static final int KILLS = 10;

	@Test
	void threeRollingRestartsInARowLoseNothing() throws Exception {
		try (ClusterProcess cluster = ClusterProcess.named("load-restarts").workers(2).startReady()) {
			Set<Long> old = cluster.awaitReady();
			LoadClient fresh = LoadClient.newConnections(cluster.port()).threads(THREADS).pause(PAUSE).start();
			LoadClient reusing = LoadClient.keepAlive(cluster.port()).threads(THREADS).pause(PAUSE).start();
			for (int i = 1; i <= RESTARTS; i++) {
				int mark = cluster.output().mark();
				assertThat(cluster.restart().status()).isEqualTo(202);
				cluster.awaitLine(mark, "Rolling restart \\S+ is complete: generation " + (i + 1));
				old = cluster.awaitReplaced(old);
			}
			fresh.awaitMore(100);
			reusing.awaitMore(100);
			for (LoadReport report : List.of(fresh.stop(), reusing.stop())) {
				System.out.println("Restarts: " + report);
				assertThat(report.count(Outcome.OK)).as(report.toString()).isEqualTo(report.total());
				assertThat(report.pids()).as(report.toString()).hasSize(2 * (RESTARTS + 1));
			}
		}
	}

	@Test
	void killedWorkersTakeNothingWithThemButWhatTheyWereReading() throws Exception {
		long seed = new Random().nextLong();
		Random random = new Random(seed);
		try (ClusterProcess cluster = ClusterProcess.named("load-kills")
			.workers(2)
			.args("--cluster.respawn.initial-delay=100ms", "--cluster.respawn.multiplier=1",
					"--cluster.respawn.max-attempts=100")
			.startReady()) {
			Set<Long> living = cluster.awaitReady();
			LoadClient fresh = LoadClient.newConnections(cluster.port()).threads(THREADS).pause(PAUSE).start();
			LoadClient reusing = LoadClient.keepAlive(cluster.port()).threads(THREADS).pause(PAUSE).start();
			for (int i = 0; i < KILLS; i++) {
				fresh.awaitMore(random.nextInt(500));
				List<Long> candidates = List.copyOf(living);
				cluster.killHard(candidates.get(random.nextInt(candidates.size())));
				living = cluster.awaitReady();
			}
			fresh.awaitMore(100);
			reusing.awaitMore(100);
			for (LoadReport report : List.of(fresh.stop(), reusing.stop())) {
				System.out.println("Kills, seed " + seed + ": " + report);
				assertThat(report.count(Outcome.CONNECT_REFUSED)).as(report.toString()).isZero();
				assertThat(report.count(Outcome.CONNECT_TIMEOUT)).as(report.toString()).isZero();
				assertThat(report.count(Outcome.HANG)).as(report.toString()).isZero();
				// Each client has at most one connection that the killed worker was
				// reading
				assertThat(report.total() - report.count(Outcome.OK)).as(report.toString())
					.isLessThanOrEqualTo((long) THREADS * KILLS);
			}
		}
	}

}
