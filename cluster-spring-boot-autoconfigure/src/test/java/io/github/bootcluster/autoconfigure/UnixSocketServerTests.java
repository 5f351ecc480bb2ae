package io.github.bootcluster.autoconfigure;

import java.nio.file.Path;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.codec.http.HttpMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.netty.http.client.HttpClient;

import org.springframework.boot.autoconfigure.AutoConfigurations;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on a worker's web server that listens on a path.
 */
class UnixSocketServerTests {

	@Test
	void webServerListensOnThePathAndTheManagementServerDoesNot(@TempDir Path folder) {
		Path path = folder.resolve("app.sock");
		WorkerServer.STANDALONE
			.withPropertyValues("cluster.worker.unix-socket=" + path, "server.address=127.0.0.1",
					"management.server.port=0")
			.withConfiguration(AutoConfigurations.of(ClusterWorkerAutoConfiguration.UnixSocketConfiguration.class))
			.run((context) -> {
				assertThat(path).exists();
				assertThat(WorkerServer.managementPort(context)).isPositive();
				HttpClient client = HttpClient.newConnection()
					.remoteAddress(() -> new DomainSocketAddress(path.toString()));
				assertThat(WorkerServer.send(client, HttpMethod.GET, "/", "Host", "localhost").status()).isEqualTo(404);
			});
	}

}
