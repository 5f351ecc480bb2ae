package io.github.bootcluster.sample;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises that TLS sessions belong to the cluster, where Netty's own TLS is there.
 */
class SessionTicketsIT {

	/**
	 * Only a full handshake shows the certificate.
	 */
	private final AtomicInteger handshakes = new AtomicInteger();

	@Test
	void clientResumesItsSessionWithEachWorkerAndAfterARestart() throws Exception {
		TestCertificate certificate = TestCertificate.create(Path.of("target", "it-tickets"));
		SSLContext client = client(certificate.certificate());
		try (ClusterProcess process = start("session-tickets", certificate, certificate.bundleArguments("other"))) {
			Set<Long> first = ask(client, process);
			assertThat(first).hasSize(process.wantedServers());
			assertThat(this.handshakes).hasValue(1);
			assertThat(process.restartAndAwait().status()).isEqualTo(200);
			Set<Long> second = ask(client, process);
			assertThat(second).hasSize(process.wantedServers()).doesNotContainAnyElementsOf(first);
			assertThat(this.handshakes).hasValue(1);
			// What is chosen by name has a context of its own, found at its first
			// connection
			askByName(client, process);
			int found = this.handshakes.get();
			assertThat(found).isLessThanOrEqualTo(2 + process.wantedServers());
			askByName(client, process);
			assertThat(this.handshakes).hasValue(found);
		}
	}

	@Test
	void serverThatAsksForCertificatesKeepsItsKeysToItself() throws Exception {
		TestCertificate certificate = TestCertificate.create(Path.of("target", "it-tickets-auth"));
		SSLContext client = client(certificate.certificate());
		try (ClusterProcess process = start("session-tickets-auth", certificate, "--server.ssl.client-auth=want")) {
			assertThat(ask(client, process)).hasSize(process.wantedServers());
			assertThat(this.handshakes).hasValue(4 * process.wantedServers());
		}
	}

	private static ClusterProcess start(String name, TestCertificate certificate, String... further) throws Exception {
		return ClusterProcess.named(name)
			.target(TestApplication.target(SampleApplication.class, TestApplication.Library.TCNATIVE))
			.args(certificate.serverArguments())
			.args(further)
			.trusting(certificate.clientContext())
			.startReady();
	}

	private static void askByName(SSLContext client, ClusterProcess process) throws Exception {
		for (int i = 0; i < 4 * process.wantedServers(); i++) {
			try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), process.port());
					Socket socket = client.getSocketFactory()
						.createSocket(connection, TestCertificate.OTHER_NAME, process.port(), true)) {
				socket.getOutputStream()
					.write("GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
						.getBytes(StandardCharsets.US_ASCII));
				assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII))
					.startsWith("HTTP/1.1 200");
			}
		}
	}

	private static Set<Long> ask(SSLContext client, ClusterProcess process) throws Exception {
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), process.port());
		Set<Long> pids = new HashSet<>();
		for (int i = 0; i < 4 * process.wantedServers(); i++) {
			try (HttpConnection connection = HttpConnection.open(address, Duration.ofSeconds(30), client)) {
				pids.add(connection.get("/").pid().orElseThrow());
			}
		}
		return pids;
	}

	private SSLContext client(X509Certificate trusted) throws Exception {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, new TrustManager[] { new X509TrustManager() {

			@Override
			public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
				throw new CertificateException("Not a server");
			}

			@Override
			public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
				SessionTicketsIT.this.handshakes.incrementAndGet();
				if (!chain[0].equals(trusted)) {
					throw new CertificateException("Another certificate");
				}
			}

			@Override
			public X509Certificate[] getAcceptedIssuers() {
				return new X509Certificate[0];
			}

		} }, new SecureRandom());
		return context;
	}

}
