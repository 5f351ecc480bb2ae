package io.github.bootcluster.sample;

import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;

import io.github.bootcluster.apps.settings.SettingsApplication;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on a port that changes while the cluster runs.
 */
class NewPortIT {

	private static final Duration LIMIT = Duration.ofSeconds(120);

	@TempDir
	private Path folder;

	@Test
	void restartMovesToTheNewPortAndClosesTheOldOne() throws Exception {
		int port = configure(1);
		try (ClusterProcess process = ClusterProcess.named("new-port")
			.workersConfiguredElsewhere(1)
			.portConfiguredElsewhere()
			.target(TestApplication.target(SettingsApplication.class))
			.args("--spring.config.additional-location=file:" + this.folder + "/")
			.startReady()) {
			Set<Long> first = process.workers();
			port = move(process, port, 1, "?wait=true", 200);
			port = move(process, port, 1, "", 202);
			move(process, port, 0, "?wait=true", 200);
			// The restart is done before the old worker, which has answered its request,
			// exits
			process.await("exit of the old worker", () -> process.workers().size() == 1);
			assertThat(process.workers()).doesNotContainAnyElementsOf(first);
		}
	}

	private int move(ClusterProcess process, int from, int surge, String wait, int status) throws Exception {
		int to = configure(surge);
		HttpAnswer answer;
		try (HttpConnection connection = HttpConnection.open(from, LIMIT)) {
			answer = connection.exchange("POST", "/actuator/cluster/restart" + wait);
		}
		assertThat(answer.status()).as(answer.text()).isEqualTo(status);
		process.await("end of port " + from, () -> isRefused(from));
		try (HttpConnection connection = HttpConnection.open(to, LIMIT)) {
			assertThat(connection.exchange("GET", "/setting?name=server.port").text()).isEqualTo(String.valueOf(to));
		}
		process.await("end of the restart", () -> isDone(to));
		return to;
	}

	private int configure(int surge) throws IOException {
		int port = FreePorts.find(InetAddress.getLoopbackAddress());
		Files.writeString(this.folder.resolve("application.properties"), """
				cluster.workers=1
				server.port=%d
				cluster.restart.surge=%d
				""".formatted(port, surge));
		return port;
	}

	private static boolean isRefused(int port) {
		try (HttpConnection connection = HttpConnection.open(port, LIMIT)) {
			connection.exchange("GET", "/");
			return false;
		}
		catch (ExchangeFailedException ex) {
			return ex.outcome() == Outcome.CONNECT_REFUSED;
		}
	}

	private static boolean isDone(int port) throws ExchangeFailedException {
		try (HttpConnection connection = HttpConnection.open(port, LIMIT)) {
			return connection.exchange("GET", "/actuator/cluster").text().contains("\"state\":\"COMPLETED\"");
		}
	}

}
