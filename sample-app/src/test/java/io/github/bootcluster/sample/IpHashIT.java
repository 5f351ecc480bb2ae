package io.github.bootcluster.sample;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
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
 * Promises of {@code ip-hash} to clients that come from different addresses.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
@Tag("load")
class IpHashIT {

	private static final int ADDRESSES = 24;

	private static final Pattern PID = Pattern.compile("\"pid\":(\\d+)");

	private static ClusterProcess process;

	/**
	 * The workers of the addresses that end with the number.
	 */
	private static Map<Integer, Long> workers;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("ip-hash")
			.workers(2)
			.args("--cluster.distribution=ip-hash", "--cluster.respawn.initial-delay=10ms")
			.start();
		LoggedEvent.await(process, "WorkerReady", 1);
		LoggedEvent.await(process, "WorkerReady", 2);
		workers = askAll();
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
	}

	@Test
	@Order(1)
	void addressHasTheSameWorkerAgainAndAgain() throws Exception {
		assertThat(Set.copyOf(workers.values())).isEqualTo(process.workers());
		for (int i = 0; i < 3; i++) {
			assertThat(askAll()).isEqualTo(workers);
		}
	}

	@Test
	@Order(2)
	void addressesOfAWorkerThatDiesMoveAndComeBackToItsReplacementAndNoOtherDoes() throws Exception {
		LoggedEvent first = LoggedEvent.last(process, "WorkerReady", 1).orElseThrow();
		long other = LoggedEvent.last(process, "WorkerReady", 2).orElseThrow().pid();
		process.killHard(first.pid());
		LoggedEvent.await(process, "WorkerExited", first.worker());
		Map<Integer, Long> meanwhile = askAll();
		LoggedEvent replacement = LoggedEvent.await(process, "WorkerReady", 3);
		assertThat(meanwhile.values()).containsAnyOf(other).isSubsetOf(other, replacement.pid());
		workers.forEach((address, worker) -> {
			if (worker == other) {
				assertThat(meanwhile.get(address)).isEqualTo(other);
			}
		});
		workers.replaceAll((address, worker) -> (worker == first.pid()) ? replacement.pid() : worker);
		assertThat(askAll()).isEqualTo(workers);
	}

	@Test
	@Order(3)
	void restartUnderLoadLosesNothingAndAddressesStayWithTheirSlots() throws Exception {
		Map<Long, Integer> slots = new HashMap<>();
		slots.put(LoggedEvent.await(process, "WorkerReady", 3).pid(), 1);
		slots.put(LoggedEvent.await(process, "WorkerReady", 2).pid(), 2);
		try (MixedLoad load = MixedLoad.start(process.port())) {
			load.awaitProgress();
			Restart.begin(process).awaitCompleted();
			load.awaitProgress();
			LoadReport report = LoadReport.sum(load.stop());
			assertThat(report.lost()).as(report.toString()).isZero();
		}
		Map<Integer, Long> after = new HashMap<>();
		for (int id = 4; id <= 5; id++) {
			LoggedEvent ready = LoggedEvent.await(process, "WorkerReady", id);
			after.put(ready.slot(), ready.pid());
		}
		workers.replaceAll((address, worker) -> after.get(slots.get(worker)));
		assertThat(askAll()).isEqualTo(workers);
	}

	private static Map<Integer, Long> askAll() throws Exception {
		Map<Integer, Long> pids = new HashMap<>();
		for (int i = 1; i <= ADDRESSES; i++) {
			pids.put(i, ask("127.0.0." + i));
		}
		return pids;
	}

	private static long ask(String from) throws IOException, InterruptedException {
		try (Socket socket = new Socket()) {
			socket.bind(new InetSocketAddress(from, 0));
			socket.setSoTimeout(20_000);
			socket.connect(new InetSocketAddress("127.0.0.1", process.port()));
			socket.getOutputStream()
				.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
					.getBytes(StandardCharsets.US_ASCII));
			String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
			Matcher matcher = PID.matcher(answer);
			assertThat(matcher.find()).as(answer).isTrue();
			return Long.parseLong(matcher.group(1));
		}
	}

}
