package io.github.bootcluster.sample;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on the addresses that are configured. That the wildcard is reachable by both
 * families is a promise of {@link OrdinaryWebApplicationIT}.
 */
class ListenAddressIT {

	private static final Duration START_LIMIT = Duration.ofSeconds(60);

	@Test
	void ipv4AddressAndFixedPortsAreListenedOnWhileTheOnlyWorkerIsReplaced() throws Exception {
		InetAddress loopback = InetAddress.getByName("127.0.0.1");
		int port = FreePorts.find(loopback);
		int management = FreePorts.find(loopback);
		try (ClusterProcess process = ClusterProcess.named("listen-ipv4")
			.workers(1)
			.args("--server.address=127.0.0.1", "--server.port=" + port, "--management.server.port=" + management,
					"--management.server.address=127.0.0.1")
			.startReady()) {
			Set<InetSocketAddress> addresses = Set.of(new InetSocketAddress(loopback, port),
					new InetSocketAddress(loopback, management));
			assertThat(ProcessProbe.listeningAddresses(process.pid())).isEqualTo(addresses);
			long only = process.workers().iterator().next();
			process.killHard(only);
			process.await("end of the only worker", () -> !ClusterProcess.isAlive(only));
			try (PendingRequests requests = PendingRequests.send(port, 20, START_LIMIT)) {
				Set<Long> replaced = process.awaitReplaced(Set.of(only));
				assertThat(requests.awaitPids()).hasSize(20).allMatch(replaced::contains);
			}
			try (HttpConnection connection = HttpConnection.open(management, START_LIMIT)) {
				assertThat(connection.get("/actuator/health").status()).isEqualTo(200);
			}
			assertThat(ProcessProbe.listeningAddresses(process.pid())).isEqualTo(addresses);
		}
	}

	@Test
	void ipv6AddressIsListenedOn() throws Exception {
		InetAddress loopback = InetAddress.getByName("::1");
		Assumptions.assumeTrue(loopback instanceof Inet6Address && canListen(loopback), "no IPv6 here");
		try (ClusterProcess process = ClusterProcess.named("listen-ipv6")
			.workers(2)
			.args("--server.address=::1")
			.start()) {
			process.awaitLine("WorkerReadyEvent.*slot=2");
			assertThat(ProcessProbe.listeningAddresses(process.pid()))
				.containsExactly(new InetSocketAddress(loopback, process.port()));
			Set<Long> workers = process.workers();
			for (int i = 0; i < 2; i++) {
				try (HttpConnection connection = process.connect(loopback)) {
					JsonNode seen = JsonMapper.shared().readTree(connection.get("/request").text());
					assertThat(InetAddress.getByName(seen.get("remoteAddress").asString())).isEqualTo(loopback);
					assertThat(seen.get("remotePort").asInt()).isEqualTo(connection.localPort());
					assertThat(workers.remove(connection.get("/").pid().orElseThrow())).isTrue();
				}
			}
		}
	}

	private static boolean canListen(InetAddress address) {
		try {
			return FreePorts.find(address) > 0;
		}
		catch (IOException ex) {
			return false;
		}
	}

}
