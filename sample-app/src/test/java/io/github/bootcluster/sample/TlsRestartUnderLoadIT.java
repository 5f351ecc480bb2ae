package io.github.bootcluster.sample;

import java.nio.file.Path;
import java.util.Set;

import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Promises to clients over TLS that live through the same restarts, whose connections
 * cannot move. {@code -Dit.restarts} makes them more than one.
 */
class TlsRestartUnderLoadIT {

	private static final int RESTARTS = Integer.getInteger("it.restarts", 1);

	private static ClusterProcess process;

	private static RestartReports reports;

	@BeforeAll
	static void restartUnderLoad() throws Exception {
		TestCertificate certificate = TestCertificate.create(Path.of("target", "it-tls-restart"));
		SSLContext ssl = certificate.clientContext();
		process = ClusterProcess.named("tls-restart-under-load")
			.workers(2)
			.args(certificate.serverArguments())
			.args("--server.http2.enabled=true", "--cluster.drain.timeout=12s")
			.trusting(ssl)
			.startReady();
		try (RestartReports.Clients clients = RestartReports.clients(process.port(), ssl)) {
			for (int i = 0; i < RESTARTS; i++) {
				clients.awaitProgress();
				Set<Long> old = process.workers();
				Restart.begin(process).awaitCompleted();
				process.awaitReplaced(old);
			}
			clients.awaitProgress();
			reports = clients.stop();
		}
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
	}

	@Test
	void newConnectionsOverTlsAreAllAnswered() {
		reports.assertAllAnswered("newConnectionsOverTlsAreAllAnswered", RESTARTS, "new");
	}

	@Test
	void keptConnectionsOverTlsAreAllAnswered() {
		reports.assertAllAnswered("keptConnectionsOverTlsAreAllAnswered", RESTARTS, "kept", "rarely used");
	}

	@Test
	void slowRequestsOverTlsAreAnswered() {
		reports.assertAllAnswered("slowRequestsOverTlsAreAnswered", RESTARTS, "new slow", "kept slow");
	}

	/**
	 * What can still go wrong is the next request on the same connection: a response that
	 * began before the drain cannot announce that the connection ends with it.
	 */
	@Test
	void eventStreamsOverTlsArriveWhole() {
		reports.assertNothingLost("eventStreamsOverTlsArriveWhole", RESTARTS, "events");
	}

	@Test
	void http2StreamsOverTlsAreNotBroken() {
		reports.assertNoStreamBroken("http2StreamsOverTlsAreNotBroken", RESTARTS);
	}

	@Test
	void webSocketsOverTlsAreClosedWithServiceRestart() {
		reports.assertSocketsClosedInOrder("webSocketsOverTlsAreClosedWithServiceRestart", RESTARTS);
	}

}
