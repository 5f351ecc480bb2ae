package io.github.bootcluster.sample;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises about a worker that lives and yet cannot do its work, under load. All its
 * connections are served by one event loop here, so that it can be blocked as a whole.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("alone")
class WorkerFaultIT {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final int CONNECTIONS = 40;

	private static ClusterProcess process;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("worker-fault")
			.workers(2)
			.jvmArgs("-Dreactor.netty.ioWorkerCount=1")
			.args("--sample.chaos=true", "--cluster.worker.heartbeat-timeout=5s", "--cluster.respawn.healthy-after=1ms",
					"--cluster.respawn.initial-delay=10ms")
			.startReady();
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
	}

	@Test
	@Order(1)
	void connectionsThatAWorkerHasNoDescriptorForGoToAnother() throws Exception {
		Set<Long> workers = process.awaitReady();
		long victim = workers.iterator().next();
		try (MixedLoad load = MixedLoad.start(process.port())) {
			load.awaitProgress();
			int mark = process.output().mark();
			String limit = limitDescriptors(victim, "16");
			process.await("a worker that is passed over", () -> answersAmongNew(victim) == 0);
			// It asks again and again, and each time has no descriptor for the answer
			process.await("a second try", () -> triesToListen(mark, victim) >= 2);
			limitDescriptors(victim, limit);
			process.await("a worker that takes part again", () -> answersAmongNew(victim) > 0);
			load.awaitProgress();
			LoadReport report = FaultLine.print("connectionsThatAWorkerHasNoDescriptorForGoToAnother", 1, load.stop());
			assertThat(report.count(Outcome.OK)).as(report.toString()).isEqualTo(report.total());
		}
		assertThat(process.workers()).isEqualTo(workers);
	}

	private static long triesToListen(int mark, long pid) {
		return linesBehind(mark, "WorkerListeningEvent: .*pid=" + pid);
	}

	private static long linesBehind(int mark, String regex) {
		List<String> lines = process.output().lines();
		Pattern pattern = Pattern.compile(regex);
		return lines.subList(mark, lines.size()).stream().filter((line) -> pattern.matcher(line).find()).count();
	}

	/**
	 * Counts how many of some new connections a worker answers.
	 * @param pid the worker
	 * @return the number of answers
	 */
	private static long answersAmongNew(long pid) throws ExchangeFailedException {
		long answers = 0;
		for (int i = 0; i < 20; i++) {
			answers += (process.get("/").pid().orElseThrow() == pid) ? 1 : 0;
		}
		return answers;
	}

	/**
	 * Changes how many descriptors a process may have, which does not harm those that it
	 * has.
	 * @param pid the process
	 * @param limit the limit
	 * @return the limit that it had
	 */
	private static String limitDescriptors(long pid, String limit) throws IOException, InterruptedException {
		String old = prlimit("--pid=" + pid, "--nofile", "--output=SOFT", "--noheadings");
		prlimit("--pid=" + pid, "--nofile=" + limit + ":");
		return old;
	}

	private static String prlimit(String... arguments) throws IOException, InterruptedException {
		List<String> command = new ArrayList<>(List.of("prlimit"));
		command.addAll(List.of(arguments));
		Process running = new ProcessBuilder(command).redirectErrorStream(true).start();
		String output = new String(running.getInputStream().readAllBytes()).trim();
		if (running.waitFor() != 0) {
			throw new IllegalStateException(String.join(" ", command) + ": " + output);
		}
		return output;
	}

	@Test
	@Order(2)
	void connectionsThatABlockedWorkerHadNotTakenAreAnsweredByTheOther() throws Exception {
		Set<Long> workers = process.awaitReady();
		try (HttpConnection blocking = process.connect()) {
			long victim = blocking.get("/").pid().orElseThrow();
			long other = workers.stream().filter((pid) -> pid != victim).findFirst().orElseThrow();
			block(victim, blocking);
			try (PendingRequests requests = PendingRequests.send(process.port(), CONNECTIONS, PATIENCE);
					LoadClient load = LoadClient.newConnections(process.port())
						.pause(MixedLoad.PAUSE)
						.timeout(PATIENCE)
						.start()) {
				process.awaitReplaced(Set.of(victim));
				load.awaitMore(40);
				LoadReport report = FaultLine.print("connectionsThatABlockedWorkerHadNotTakenAreAnsweredByTheOther", 1,
						List.of(load.stop()));
				assertThat(report.count(Outcome.OK)).as(report.toString()).isEqualTo(report.total());
				assertThat(report.pids()).contains(other).doesNotContain(victim);
				assertThat(requests.awaitPids()).hasSize(CONNECTIONS).doesNotContain(victim);
			}
		}
	}

	/**
	 * Blocks the event loop of a worker, and waits until it does not answer.
	 * @param victim the worker
	 * @param blocking a connection to it, closed by the caller
	 */
	private static void block(long victim, HttpConnection blocking) throws Exception {
		try (HttpConnection probe = connect(victim)) {
			new Thread(() -> block(blocking), "blocking").start();
			process.await("a worker that is blocked", () -> isSilent(probe));
		}
	}

	private static void block(HttpConnection blocking) {
		try {
			blocking.exchange("POST", "/block?duration=60s");
		}
		catch (ExchangeFailedException ex) {
			// The worker is killed before it answers
		}
	}

	private static HttpConnection connect(long pid) throws Exception {
		while (true) {
			// The next report of a worker that is blocked is soon overdue, and it gets
			// nothing
			HttpConnection connection = HttpConnection.open(process.port(), Duration.ofMillis(300));
			if (connection.get("/").pid().orElseThrow() == pid) {
				return connection;
			}
			connection.close();
		}
	}

	private static boolean isSilent(HttpConnection probe) {
		try {
			probe.get("/");
			return false;
		}
		catch (ExchangeFailedException ex) {
			assertThat(ex.outcome()).isEqualTo(Outcome.HANG);
			return true;
		}
	}

	@Test
	@Order(4)
	void blockedWorkerGetsNoFurtherConnectionWhileOneWaitsForIt() throws Exception {
		process.awaitReady();
		try (HttpConnection blocking = process.connect();
				PendingRequests requests = PendingRequests.send(process.port(), 0, PATIENCE)) {
			long victim = blocking.get("/").pid().orElseThrow();
			block(victim, blocking);
			int mark = process.output().mark();
			process.await("a connection that another worker gets", () -> {
				requests.sendOneMore(process.port(), PATIENCE);
				return linesBehind(mark, "Worker \\d+ .* has not taken") > 0;
			});
			// In turn, it would have got every other one for two seconds
			process.awaitLine(mark, "has not taken [12] connections for \\d{4} ms: another worker gets them");
			assertThat(requests.awaitPids()).hasSizeGreaterThan(10).doesNotContain(victim);
			process.awaitReplaced(Set.of(victim));
		}
	}

	@Test
	@Order(3)
	void blockedWorkerTakesNothingWithItButWhatItWasReading() throws Exception {
		Set<Long> workers = process.awaitReady();
		try (MixedLoad load = MixedLoad.start(process.port(), PATIENCE); HttpConnection blocking = process.connect()) {
			load.awaitProgress();
			long victim = blocking.get("/").pid().orElseThrow();
			block(victim, blocking);
			process.awaitReplaced(Set.of(victim));
			load.awaitProgress();
			LoadReport report = FaultLine.print("blockedWorkerTakesNothingWithItButWhatItWasReading", 1, load.stop());
			assertThat(report.outcomes().keySet()).as(report.toString())
				.isSubsetOf(EnumSet.of(Outcome.OK, Outcome.RESET_BEFORE_RESPONSE, Outcome.CLOSED_BEFORE_RESPONSE,
						Outcome.TRUNCATED, Outcome.STALE_KEEPALIVE));
			assertThat(report.total() - report.count(Outcome.OK)).as(report.toString())
				.isLessThanOrEqualTo(MixedLoad.MAX_IN_FLIGHT);
		}
		assertThat(process.workers()).hasSize(workers.size());
	}

}
