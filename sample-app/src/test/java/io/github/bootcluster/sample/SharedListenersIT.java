package io.github.bootcluster.sample;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;

import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises under load on workers that accept connections themselves, on one socket for
 * all and on one of each slot.
 */
@ParameterizedClass
@ValueSource(strings = { "shared", "reuse-port" })
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@SuppressWarnings("NullAway.Init") // set before each invocation of the class
class SharedListenersIT {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final int REQUESTS = 60;

	private static ClusterProcess process;

	@Parameter
	String distribution;

	@BeforeParameterizedClassInvocation
	static void start(String distribution) throws Exception {
		process = ClusterProcess.named("shared-listeners-" + distribution)
			.workers(2)
			.args("--cluster.distribution=" + distribution, "--cluster.respawn.initial-delay=1m",
					"--cluster.respawn.max-delay=1m", "--cluster.respawn.healthy-after=10m",
					"--cluster.drain.timeout=5s")
			.startReady();
	}

	@AfterParameterizedClassInvocation
	static void stop() throws Exception {
		process.close();
	}

	@Test
	@Order(1)
	void workersListenAsTheMasterDoes() throws Exception {
		Set<InetSocketAddress> addresses = ProcessProbe.listeningAddresses(process.pid());
		assertThat(addresses).extracting(InetSocketAddress::getPort).containsExactly(process.port());
		for (long worker : process.workers()) {
			process.await("a socket that worker " + worker + " is lent",
					() -> ProcessProbe.listeningAddresses(worker).equals(addresses));
		}
	}

	@Test
	@Order(2)
	void rollingRestartLosesNothingAndMovesIdleConnections() throws Exception {
		Set<Long> old = process.workers();
		try (MixedLoad load = MixedLoad.start(process.port()); HttpConnection idle = process.connect()) {
			assertThat(idle.get("/").pid().orElseThrow()).isIn(old);
			load.awaitProgress();
			Restart.begin(process).awaitCompleted();
			process.awaitReplaced(old);
			load.awaitProgress();
			LoadReport report = FaultLine.print("rollingRestartLosesNothing-" + this.distribution, 1, load.stop());
			assertThat(report.count(Outcome.OK)).as(report.toString()).isEqualTo(report.total());
			assertThat(report.pids()).containsAll(process.workers());
			assertThat(idle.get("/").pid().orElseThrow()).isIn(process.workers());
		}
	}

	@Test
	@Order(3)
	void killedWorkerTakesNothingWithItButWhatItWasReadingAndNoConnectionWaitsForTheNextOne() throws Exception {
		long victim = process.workers().iterator().next();
		try (MixedLoad load = MixedLoad.start(process.port(), PATIENCE)) {
			load.awaitProgress();
			process.killHard(victim);
			process.await("the end of the worker", () -> !ClusterProcess.isAlive(victim));
			load.awaitProgress();
			LoadReport report = FaultLine.print("killedWorkerTakesNothingWithIt-" + this.distribution, 1, load.stop());
			assertThat(report.outcomes().keySet()).as(report.toString())
				.isSubsetOf(EnumSet.of(Outcome.OK, Outcome.RESET_BEFORE_RESPONSE, Outcome.CLOSED_BEFORE_RESPONSE,
						Outcome.TRUNCATED, Outcome.STALE_KEEPALIVE));
			assertThat(report.total() - report.count(Outcome.OK)).as(report.toString())
				.isLessThanOrEqualTo(MixedLoad.MAX_IN_FLIGHT);
		}
		try (PendingRequests requests = PendingRequests.send(process.port(), REQUESTS, PATIENCE)) {
			assertThat(requests.awaitPids()).hasSize(REQUESTS).containsOnly(process.workers().iterator().next());
		}
		assertThat(process.workers()).as("a replacement would have to be waited for").hasSize(1);
	}

	@Test
	@Order(4)
	void whatWasConnectedBeforeATermIsAnswered() throws Exception {
		try (PendingRequests requests = PendingRequests.send(process.port(), REQUESTS, PATIENCE)) {
			process.signal("TERM");
			assertThat(requests.awaitPids()).hasSize(REQUESTS);
		}
		assertThat(process.exitCode()).isZero();
	}

}
