package io.github.bootcluster.sample;

import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on listeners that are no ports of web servers: a TCP server of the
 * application's own, and a Unix socket. The management port is what the harness talks to.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ListenersIT {

	private static Path folder;

	private static Path socket;

	private static ClusterProcess process;

	private static Set<Long> workers;

	@BeforeAll
	static void start() throws Exception {
		folder = Files.createTempDirectory("it-listeners-");
		socket = folder.resolve("app.sock");
		leaveSocketOfAKilledMaster();
		process = ClusterProcess.named("listeners")
			.workers(2)
			.args("--server.address=unix:" + socket, "--management.server.port=0", "--sample.echo-port=0")
			.start();
		process.awaitLine("WorkerReadyEvent.*slot=1");
		process.awaitLine("WorkerReadyEvent.*slot=2");
		workers = process.workers();
	}

	private static void leaveSocketOfAKilledMaster() throws Exception {
		try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			channel.bind(UnixDomainSocketAddress.of(socket));
		}
		assertThat(socket).exists();
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
		Files.deleteIfExists(socket);
		Files.deleteIfExists(folder);
	}

	@Test
	@Order(1)
	void everyWorkerListensOnEveryAddress() throws Exception {
		assertThat(process.output().linesMatching("Netty started on path " + socket)).hasSize(2);
		assertThat(process.output().linesMatching("Echo server started on port " + echoPort())).hasSize(2);
		awaitListening("on " + socket);
		awaitListening("port " + echoPort());
		awaitListening("port " + process.port());
	}

	private static void awaitListening(String address) {
		process.await("Both workers are known to listen on " + address,
				() -> process.output()
					.linesMatching("WorkerListeningEvent: .* " + address + " by HANDOFF")
					.size() == 2);
	}

	@Test
	@Order(2)
	void socketIsTheMastersAndForItsAccountAlone() throws Exception {
		assertThat(Files.getPosixFilePermissions(socket)).contains(PosixFilePermission.OWNER_WRITE)
			.doesNotContain(PosixFilePermission.OTHERS_WRITE);
		assertThat(UnixSocketUser.get(socket, "/request")).startsWith("HTTP/1.1 200 ")
			.contains("\"remoteAddress\":null", "\"host\":\"localhost\"");
	}

	@Test
	@Order(3)
	void whatIsBehindAUnixSocketIsNotTakenForTheMachineItself() throws Exception {
		assertThat(UnixSocketUser.get(socket, "/actuator/cluster")).startsWith("HTTP/1.1 404 ");
		assertThat(process.status().get("workers")).hasSize(2);
	}

	@Test
	@Order(4)
	void restartLosesNoEchoAndNoRequest() throws Exception {
		List<EchoUser> lasting = users(true);
		List<EchoUser> fleeting = users(false);
		UnixSocketUser requests = UnixSocketUser.start(socket);
		process.await("load", () -> requests.answers().size() == 2);
		int mark = process.output().mark();
		assertThat(process.restart().status()).isEqualTo(202);
		process.awaitLine(mark, "Shutting down: requested by the master");
		List<Integer> before = lasting.stream().map(EchoUser::echoes).toList();
		process.await("echoes of a worker that drains", () -> {
			for (int i = 0; i < before.size(); i++) {
				if (lasting.get(i).isWell() && lasting.get(i).echoes() < before.get(i) + 5) {
					return false;
				}
			}
			return true;
		});
		for (EchoUser user : lasting) {
			user.stop();
		}
		process.await("end of the old workers", () -> workers.stream().noneMatch(ClusterProcess::isAlive));
		process.await("answers of the new ones", () -> requests.answers().keySet().containsAll(process.workers()));
		for (EchoUser user : fleeting) {
			user.stop();
			assertThat(user.echoes()).isPositive();
		}
		requests.stop();
		assertThat(requests.answers()).hasSize(4);
		assertThat(process.output().linesMatching("[1-9]\\d* were not done in time")).isEmpty();
	}

	private static List<EchoUser> users(boolean keepConnection) throws InterruptedException {
		List<EchoUser> users = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			users.add(EchoUser.start(echoPort(), keepConnection));
		}
		process.await("echoes", () -> users.stream().allMatch((user) -> user.echoes() > 0));
		return users;
	}

	private static int echoPort() throws InterruptedException {
		return Integer.parseInt(process.awaitLine("Echo server started on port (\\d+)").group(1));
	}

	@Test
	@Order(5)
	void socketIsGoneWhenTheMasterIs() throws Exception {
		process.signal("TERM");
		assertThat(process.exitCode()).isZero();
		assertThat(socket).doesNotExist();
	}

}
