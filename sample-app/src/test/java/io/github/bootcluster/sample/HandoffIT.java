package io.github.bootcluster.sample;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on how connections come to the workers, and on who cannot get at them.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class HandoffIT {

	private static final Duration LIMIT = Duration.ofSeconds(30);

	/**
	 * Prints whether a Unix socket answers the account that runs this, or ends the
	 * connection.
	 */
	private static final String SOCKET_CLIENT = """
			import java.net.UnixDomainSocketAddress;
			import java.nio.ByteBuffer;
			import java.nio.channels.SocketChannel;

			class SocketClient {

				public static void main(String[] args) throws Exception {
					try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(args[0]))) {
						System.out.println((channel.read(ByteBuffer.allocate(1)) < 0) ? "end" : "answer");
					}
				}

			}
			""";

	private static ClusterProcess process;

	private static Set<Long> workers;

	@BeforeAll
	static void start() throws Exception {
		process = ClusterProcess.named("handoff")
			.workers(2)
			.args("--server.port=0", "--management.server.port=0", "--sample.second-port=0")
			.openTemporaryFolder()
			.startReady();
		workers = process.workers();
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
	}

	@Test
	void everyWorkerSharesTheRandomPorts() throws Exception {
		assertThat(process.output().linesMatching("Netty started on port")).hasSize(4);
		assertThat(process.ports()).hasSize(2).contains(process.port());
		assertThat(process.output().linesMatching("Second server started on port " + secondPort())).hasSize(2);
		Set<Long> answered = new TreeSet<>();
		for (int i = 0; i < 4; i++) {
			try (HttpConnection connection = process.connect()) {
				JsonNode seen = JsonMapper.shared().readTree(connection.get("/request").text());
				assertThat(seen.get("localServerPort").asInt()).isEqualTo(process.port());
				answered.add(connection.get("/").pid().orElseThrow());
			}
		}
		assertThat(answered).isEqualTo(workers);
	}

	@Test
	void everyListenerReachesAllWorkers() throws Exception {
		Set<String> slots = new HashSet<>();
		for (int i = 0; i < 4; i++) {
			slots.add(get(secondPort(), "/").text());
			assertThat(get(managementPort(), "/actuator/health").status()).isEqualTo(200);
		}
		assertThat(slots).containsExactlyInAnyOrder("slot 1\n", "slot 2\n");
		assertThat(get(managementPort(), "/").status()).isEqualTo(404);
	}

	@Test
	void onlyTheMasterListensAndOnNothingElse() throws Exception {
		assertThat(ProcessProbe.listeningAddresses(process.pid())).extracting(InetSocketAddress::getPort)
			.containsExactlyInAnyOrder(process.port(), managementPort(), secondPort());
		for (long worker : workers) {
			assertThat(ProcessProbe.listeningAddresses(worker)).isEmpty();
		}
	}

	private static int secondPort() throws InterruptedException {
		return Integer.parseInt(process.awaitLine("Second server started on port (\\d+)").group(1));
	}

	private static int managementPort() throws InterruptedException {
		Set<Integer> ports = process.ports();
		ports.remove(process.port());
		return ports.iterator().next();
	}

	private static HttpAnswer get(int port, String path) throws ExchangeFailedException {
		try (HttpConnection connection = HttpConnection.open(port, LIMIT)) {
			return connection.get(path);
		}
	}

	@Test
	void newConnectionsGoToTheWorkersInTurn() throws Exception {
		Map<Long, Integer> counts = new HashMap<>();
		for (int i = 0; i < 31; i++) {
			counts.merge(process.get("/").pid().orElseThrow(), 1, Integer::sum);
		}
		assertThat(counts.keySet()).isEqualTo(workers);
		assertThat(counts.values()).containsExactlyInAnyOrder(15, 16);
	}

	@Test
	void socketsLieInAPrivateFolder() throws Exception {
		assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder()))).isEqualTo("rwx------");
		try (OtherAccount account = OtherAccount.assumeAvailable()) {
			assertThat(account.passesTest("-w", process.temporaryFolder())).isTrue();
			for (Path socket : List.of(control(), handoff())) {
				assertThat(socket).exists();
				assertThat(account.passesTest("-e", socket)).isFalse();
			}
		}
	}

	@Test
	@Order(Integer.MAX_VALUE - 1)
	void anotherAccountIsDroppedEvenWhereTheFolderIsOpen() throws Exception {
		try (OtherAccount account = OtherAccount.assumeAvailable()) {
			Path client = Files.writeString(account.folder().resolve("SocketClient.java"), SOCKET_CLIENT);
			Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwxrwxrwx"));
			for (Path socket : List.of(control(), handoff())) {
				Files.setPosixFilePermissions(socket, PosixFilePermissions.fromString("rwxrwxrwx"));
				int mark = process.output().mark();
				assertThat(runSocketClient(client, socket)).isEqualTo("end");
				process.awaitLine(mark, "WARN .*Dropped .*stranger \\(uid 65534, pid \\d+\\)");
			}
			assertClusterServes();
		}
		finally {
			Files.setPosixFilePermissions(folder(), PosixFilePermissions.fromString("rwx------"));
		}
	}

	private static String runSocketClient(Path source, Path socket) throws Exception {
		String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
		Process client = new ProcessBuilder(OtherAccount.becoming(java, source.toString(), socket.toString()))
			.redirectErrorStream(true)
			.start();
		return new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
	}

	@Test
	void strangerOfTheSameAccountIsDroppedFromTheControlSocket() throws Exception {
		int mark = process.output().mark();
		assertThat(talk(control(), frame("Hello, I am no worker"))).isEmpty();
		process.awaitLine(mark, "WARN .*Closing the control connection of pid " + ProcessHandle.current().pid());
		assertThat(talk(control(), "\uffff".repeat(100).getBytes(StandardCharsets.UTF_8))).isEmpty();
		int worker = 1;
		String impostor = "{\"type\":\"hello\",\"worker\":%d,\"pid\":%d,\"protocol\":1,\"version\":\"0\"}"
			.formatted(worker, workers.iterator().next());
		assertThat(new String(talk(control(), frame(impostor)), StandardCharsets.UTF_8)).contains("\"refused\"");
		process.awaitLine(mark, "WARN .*Refused .* worker " + worker + " with pid " + ProcessHandle.current().pid());
		assertThat(talk(control(), frame("{\"type\":\"draining\"}"))).isEmpty();
		process.awaitLine(mark, "WARN .*Closing the control connection of a stranger: unexpected Draining");
		assertThat(process.output().lines().subList(mark, process.output().mark()))
			.filteredOn((line) -> line.contains(" WARN "))
			.hasSize(4);
		assertClusterServes();
	}

	@Test
	void strangerOfTheSameAccountGetsNoConnection() throws Exception {
		try (SocketChannel silent = SocketChannel.open(UnixDomainSocketAddress.of(handoff()))) {
			for (int listener = 0; listener < 4; listener++) {
				assertThat(talk(handoff(), ByteBuffer.allocate(2 * Integer.BYTES).putInt(listener).array())).isEmpty();
			}
			assertThat(talk(handoff(), new byte[] { 1 })).isEmpty();
			assertClusterServes();
			silent.configureBlocking(false);
			assertThat(silent.read(ByteBuffer.allocate(1))).isZero();
		}
	}

	private static byte[] frame(String json) {
		byte[] content = json.getBytes(StandardCharsets.UTF_8);
		return ByteBuffer.allocate(Integer.BYTES + content.length).putInt(content.length).put(content).array();
	}

	/**
	 * Sends something and reads until the other end closes.
	 * @param socket the Unix socket
	 * @param bytes what to send
	 * @return what came back
	 * @throws IOException if it can't be sent
	 */
	private static byte[] talk(Path socket, byte[] bytes) throws IOException {
		try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
			channel.connect(UnixDomainSocketAddress.of(socket));
			channel.write(ByteBuffer.wrap(bytes));
			ByteBuffer answer = ByteBuffer.allocate(4096);
			while (channel.read(answer) >= 0) {
				assertThat(answer.hasRemaining()).isTrue();
			}
			byte[] read = new byte[answer.flip().remaining()];
			answer.get(read);
			return read;
		}
	}

	private static void assertClusterServes() throws Exception {
		Set<Long> answered = new TreeSet<>();
		for (int i = 0; i < 4; i++) {
			answered.add(process.get("/").pid().orElseThrow());
		}
		assertThat(answered).isEqualTo(workers);
	}

	private static Path folder() throws IOException {
		try (Stream<Path> folders = Files.list(process.temporaryFolder())) {
			return folders.filter((path) -> path.getFileName().toString().startsWith("bootcluster-"))
				.findFirst()
				.orElseThrow();
		}
	}

	private static Path control() throws IOException {
		return folder().resolve("control.sock");
	}

	private static Path handoff() throws IOException {
		return folder().resolve("handoff.sock");
	}

	@Test
	@Order(Integer.MAX_VALUE)
	void connectionsThatAKilledWorkerHadNotTakenAreAnsweredByAnother() throws Exception {
		List<Long> both = List.copyOf(workers);
		process.freeze(both.get(0));
		try (PendingRequests requests = PendingRequests.send(process.port(), 60, LIMIT)) {
			// More than half, as soon as the worker that is frozen is passed over
			process.await("answers of the worker that runs", () -> requests.answered() >= 30);
			assertThat(requests.answered()).isLessThan(60);
			process.killHard(both.get(0));
			assertThat(requests.awaitPids()).hasSize(60)
				.allMatch((pid) -> pid.equals(both.get(1)) || !both.contains(pid));
		}
		workers = process.awaitReplaced(Set.of(both.get(0)));
	}

}
