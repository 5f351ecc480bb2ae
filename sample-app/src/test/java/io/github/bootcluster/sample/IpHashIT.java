package io.github.bootcluster.sample;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises of {@code ip-hash} to clients that come from different addresses, through a
 * load balancer that says so by the PROXY protocol.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
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
			.launchedBy("env", "--default-signal=HUP")
			.args("--cluster.distribution=ip-hash", "--cluster.proxy-protocol=true",
					"--cluster.respawn.initial-delay=10ms")
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
	void clientWithoutABalancerHasTheWorkerOfItsAddressToo() throws Exception {
		for (int i = 1; i <= ADDRESSES; i++) {
			assertThat(ask("127.0.0." + i, "PROXY UNKNOWN\r\n", "/")).contains("\"pid\":" + workers.get(i));
		}
	}

	@Test
	@Order(3)
	void applicationSeesTheClientAsTheBalancerTellsIt() throws Exception {
		assertThat(ask("127.0.0.1", "PROXY TCP4 192.0.2.77 192.0.2.1 4711 80\r\n", "/request"))
			.contains("\"remoteAddress\":\"192.0.2.77\"", "\"remotePort\":4711");
	}

	@Test
	@Order(4)
	void restartUnderLoadLosesNothingAndAddressesStayWithTheirSlots() throws Exception {
		Map<Long, Integer> slots = new HashMap<>();
		slots.put(LoggedEvent.await(process, "WorkerReady", 3).pid(), 1);
		slots.put(LoggedEvent.await(process, "WorkerReady", 2).pid(), 2);
		AtomicBoolean restarted = new AtomicBoolean();
		CompletableFuture<Integer> load = CompletableFuture.supplyAsync(() -> askUntil(restarted));
		try {
			process.signal("HUP");
			process.awaitLine("RollingRestartCompletedEvent: ");
		}
		finally {
			restarted.set(true);
		}
		assertThat(load.get()).isGreaterThan(2 * ADDRESSES);
		Map<Integer, Long> after = new HashMap<>();
		for (int id = 4; id <= 5; id++) {
			LoggedEvent ready = LoggedEvent.await(process, "WorkerReady", id);
			after.put(ready.slot(), ready.pid());
		}
		workers.replaceAll((address, worker) -> Objects.requireNonNull(after.get(slots.get(worker))));
		assertThat(askAll()).isEqualTo(workers);
	}

	/**
	 * Asks for all addresses again and again, and fails if one gets no answer.
	 * @param done whether that is enough
	 * @return how many answers there were
	 */
	private static int askUntil(AtomicBoolean done) {
		try {
			int answered = 0;
			while (!done.get()) {
				answered += askAll().size();
				LockSupport.parkNanos(MixedLoad.PAUSE.toNanos());
			}
			return answered + askAll().size();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Asks once for each address.
	 * @return the process ids of those that answered
	 */
	private static Map<Integer, Long> askAll() throws Exception {
		Map<Integer, Long> pids = new HashMap<>();
		for (int i = 1; i <= ADDRESSES; i++) {
			String answer = ask("127.0.0.1", "PROXY TCP4 127.0.0.%d 192.0.2.1 %d 80\r\n".formatted(i, 4000 + i), "/");
			Matcher matcher = PID.matcher(answer);
			assertThat(matcher.find()).as(answer).isTrue();
			pids.put(i, Long.parseLong(matcher.group(1)));
		}
		return pids;
	}

	private static String ask(String from, String header, String path) throws IOException, InterruptedException {
		try (Socket socket = new Socket()) {
			socket.bind(new InetSocketAddress(from, 0));
			socket.setSoTimeout(20_000);
			socket.connect(new InetSocketAddress("127.0.0.1", process.port()));
			socket.getOutputStream()
				.write((header + "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
					.getBytes(StandardCharsets.US_ASCII));
			return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
		}
	}

}
