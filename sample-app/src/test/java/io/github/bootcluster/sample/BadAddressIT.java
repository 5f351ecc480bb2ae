package io.github.bootcluster.sample;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Promises on addresses that the master cannot listen on: the first worker says why, in
 * the words of an unclustered application, the master points at it, and there is no
 * second attempt.
 */
class BadAddressIT {

	/**
	 * Gives a process a network of its own, in which the kernel's settings, the first
	 * port that needs no right among them, are the original ones.
	 */
	private static final String[] OWN_NETWORK = { "unshare", "-n", "sh", "-c", "ip link set lo up && exec \"$@\"",
			"sh" };

	@Test
	void portInUseIsExplained() throws Exception {
		try (ServerSocket other = new ServerSocket(0);
				ClusterProcess process = ClusterProcess.named("address-in-use")
					.workers(2)
					.args("--server.port=" + other.getLocalPort())
					.start()) {
			RefusedStart.assertExplainedByWorker(process,
					"Web server failed to start. Port %d was already in use.".formatted(other.getLocalPort()),
					"Identify and stop the process that's listening on port %d or configure this application to listen on another port."
						.formatted(other.getLocalPort()),
					"exited with code 1, as process %d (java) listens on port %d"
						.formatted(ProcessHandle.current().pid(), other.getLocalPort()));
		}
	}

	@Test
	void privilegedPortIsExplained() throws Exception {
		Assumptions.assumeTrue(canHaveOwnNetwork(), "No network namespace can be made here");
		try (OtherAccount account = OtherAccount.assumeAvailable();
				ClusterProcess process = ClusterProcess.named("address-privileged")
					.workers(2)
					.launchedBy(inOwnNetwork(OtherAccount.becoming()))
					.openTemporaryFolder()
					.target("-jar", account.readableCopy(Path.of(System.getProperty("sample.jar"))).toString())
					.args("--server.port=1023")
					.start()) {
			RefusedStart.assertExplainedByWorker(process,
					"The master cannot listen on 0.0.0.0:1023: bind(..) failed with error(-13): Permission denied.",
					"Choose a port above 1023 with server.port, or give the account of this process the right to bind this one (CAP_NET_BIND_SERVICE).");
		}
	}

	@Test
	void addressThatIsNotLocalIsExplained() throws Exception {
		try (ClusterProcess process = ClusterProcess.named("address-not-local")
			.workers(2)
			.args("--server.address=192.0.2.1")
			.start()) {
			RefusedStart.assertExplainedByWorker(process,
					"The master cannot listen on 192.0.2.1:0: bind(..) failed with error(-99): Cannot assign requested address.",
					"Set server.address to an address of this machine, or leave it out to listen on all.");
		}
	}

	private static boolean canHaveOwnNetwork() throws IOException, InterruptedException {
		return new ProcessBuilder(inOwnNetwork("true")).inheritIO().start().waitFor() == 0;
	}

	private static String[] inOwnNetwork(String... command) {
		List<String> whole = new ArrayList<>(List.of(OWN_NETWORK));
		whole.addAll(List.of(command));
		return whole.toArray(String[]::new);
	}

}
