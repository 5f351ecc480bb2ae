package io.github.bootcluster.sample;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.sample.LoadReport.ConnectionEnd;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Promises of the {@link LoadClient}: it recognises what a server does to it.
 */
class LoadClientTests {

	private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"pid\":42}";

	@Test
	void wholeAnswersAreOkAndTellWhoGaveThem() throws Exception {
		LoadReport report = newConnections((connection) -> connection.answer(ANSWER), 20);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.OK, 20L));
		assertThat(report.answers()).isEqualTo(Map.of(42L, 20L));
		assertThat(report.connections()).isEqualTo(20);
		assertThat(report.count(ConnectionEnd.CLOSED_BY_CLIENT)).isEqualTo(20);
		assertThat(report.lost()).isZero();
	}

	@Test
	void chunkedAnswersAreOk() throws Exception {
		String chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"pi\r\n6\r\nd\":42}\r\n0\r\n\r\n";
		LoadReport report = keepAlive((connection) -> {
			while (connection.answer(chunked)) {
				assertThat(connection.socket().isClosed()).isFalse();
			}
		}, 20);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.OK, 20L));
		assertThat(report.pids()).containsExactly(42L);
		assertThat(report.connections()).isOne();
	}

	@Test
	void otherStatusIsBadStatus() throws Exception {
		LoadReport report = newConnections((connection) -> connection.answer("HTTP/1.1 503 No\r\n\r\n"), 3);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.BAD_STATUS, 3L));
		assertThat(report.lost()).isEqualTo(3);
	}

	@Test
	void closedPortIsRefused() throws Exception {
		try (RefusingPort refusing = new RefusingPort()) {
			LoadReport report = LoadClient.newConnections(refusing.port()).threads(1).limit(3).start().awaitEnd();
			assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.CONNECT_REFUSED, 3L));
			assertThat(report.count(ConnectionEnd.NOT_OPENED)).isEqualTo(3);
		}
	}

	@Test
	void fullAcceptQueueIsConnectTimeout() throws Exception {
		List<Socket> waiting = new ArrayList<>();
		try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			for (int i = 0; i < 2; i++) {
				Socket socket = new Socket();
				waiting.add(socket);
				socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), server.getLocalPort()), 1000);
			}
			LoadReport report = LoadClient.newConnections(server.getLocalPort())
				.threads(1)
				.timeout(Duration.ofMillis(200))
				.limit(1)
				.start()
				.awaitEnd();
			assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.CONNECT_TIMEOUT, 1L));
		}
		finally {
			for (Socket socket : waiting) {
				socket.close();
			}
		}
	}

	@Test
	void resetBeforeTheAnswerIsReset() throws Exception {
		LoadReport report = newConnections((connection) -> {
			connection.readRequest();
			connection.reset();
		}, 3);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.RESET_BEFORE_RESPONSE, 3L));
		assertThat(report.count(ConnectionEnd.FAILED)).isEqualTo(3);
	}

	@Test
	void closeBeforeTheAnswerIsClosed() throws Exception {
		LoadReport report = newConnections(MisbehavingServer.Connection::readRequest, 3);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.CLOSED_BEFORE_RESPONSE, 3L));
	}

	@Test
	void closeWithinTheAnswerIsTruncated() throws Exception {
		String half = ANSWER.substring(0, ANSWER.length() - 3);
		LoadReport report = newConnections((connection) -> connection.answer(half), 3);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.TRUNCATED, 3L));
	}

	@Test
	void closeWithinTheHeadersIsTruncated() throws Exception {
		LoadReport report = newConnections((connection) -> connection.answer("HTTP/1.1 200 O"), 3);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.TRUNCATED, 3L));
	}

	@Test
	void closeWithinChunksIsTruncated() throws Exception {
		LoadReport report = newConnections((connection) -> connection
			.answer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n{\"pi\r\n"), 3);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.TRUNCATED, 3L));
	}

	@Test
	void silenceIsHang() throws Exception {
		LoadReport report = newConnections((connection) -> {
			connection.readRequest();
			connection.awaitClose();
		}, 2);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.HANG, 2L));
	}

	@Test
	void answerThatNeverEndsIsHang() throws Exception {
		LoadReport report = newConnections((connection) -> {
			connection.answer(ANSWER.substring(0, ANSWER.length() - 1));
			connection.awaitClose();
		}, 2);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.HANG, 2L));
	}

	@Test
	void somethingElseThanHttpIsMalformed() throws Exception {
		LoadReport report = newConnections((connection) -> connection.answer("220 mail.example.org\r\n\r\n"), 2);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.MALFORMED, 2L));
	}

	@Test
	void reusedConnectionThatIsClosedUnansweredIsStale() throws Exception {
		LoadReport report = keepAlive((connection) -> {
			connection.answer(ANSWER);
			connection.readRequest();
		}, 6);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.OK, 3L, Outcome.STALE_KEEPALIVE, 3L));
		assertThat(report.lost()).isZero();
		assertThat(report.count(ConnectionEnd.FAILED)).isEqualTo(3);
	}

	@Test
	void reusedConnectionThatIsResetUnansweredIsStale() throws Exception {
		LoadReport report = keepAlive((connection) -> {
			connection.answer(ANSWER);
			connection.readRequest();
			connection.reset();
		}, 6);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.OK, 3L, Outcome.STALE_KEEPALIVE, 3L));
	}

	@Test
	void reusedConnectionThatIsClosedWithinTheAnswerIsTruncated() throws Exception {
		LoadReport report = keepAlive((connection) -> {
			connection.answer(ANSWER);
			connection.answer(ANSWER.substring(0, 5));
		}, 2);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.OK, 1L, Outcome.TRUNCATED, 1L));
		assertThat(report.lost()).isOne();
	}

	@Test
	void answerThatLacksSomethingIsTruncated() throws Exception {
		try (MisbehavingServer server = new MisbehavingServer((connection) -> connection.answer(ANSWER))) {
			LoadReport report = run(
					LoadClient.newConnections(server.port()).whole((answer) -> answer.contains("\"tid\"")), 2);
			assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.TRUNCATED, 2L));
		}
	}

	@Test
	void announcedCloseIsNoLoss() throws Exception {
		String last = ANSWER.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
		LoadReport report = keepAlive((connection) -> {
			connection.answer(ANSWER);
			connection.answer(last);
		}, 8);
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.OK, 8L));
		assertThat(report.connections()).isEqualTo(4);
		assertThat(report.count(ConnectionEnd.CLOSE_ANNOUNCED)).isEqualTo(4);
	}

	@Test
	void stopCountsWhatIsInFlight() throws Exception {
		try (MisbehavingServer server = new MisbehavingServer((connection) -> {
			while (connection.answer(ANSWER)) {
				assertThat(connection.socket().isClosed()).isFalse();
			}
		})) {
			LoadClient client = LoadClient.keepAlive(server.port()).threads(3).start();
			client.awaitMore(100);
			LoadReport report = client.stop();
			assertThat(report.total()).isGreaterThanOrEqualTo(100);
			assertThat(report.count(Outcome.OK)).isEqualTo(report.total());
			assertThat(report.connections()).isEqualTo(3);
		}
	}

	@Test
	void reportWhoseSumsDoNotMatchIsRefused() {
		assertThatIllegalStateException()
			.isThrownBy(() -> new LoadReport(Map.of(Outcome.OK, 2L), 3, Map.of(ConnectionEnd.CLOSED_BY_CLIENT, 1L), 1,
					Map.of(), Duration.ZERO, List.of()))
			.withMessageContaining("3 attempts, but 2 accounted for");
	}

	@Test
	void accountOfAPromiseAddsUpWhatBecameOfAllClients() {
		LoadReport one = new LoadReport(Map.of(Outcome.OK, 2L), 2, Map.of(ConnectionEnd.CLOSED_BY_CLIENT, 1L), 1,
				Map.of(7L, 2L), Duration.ofMillis(3), List.of());
		LoadReport other = new LoadReport(Map.of(Outcome.OK, 1L, Outcome.TRUNCATED, 1L, Outcome.CONNECT_REFUSED, 1L), 3,
				Map.of(ConnectionEnd.FAILED, 1L, ConnectionEnd.NOT_OPENED, 1L), 2, Map.of(7L, 1L), Duration.ofMillis(1),
				List.of("cut"));
		LoadReport sum = LoadReport.sum(List.of(one, other));
		assertThat(sum.answers()).isEqualTo(Map.of(7L, 3L));
		assertThat(sum.failures()).containsExactly("cut");
		assertThat(new FaultLine("nothingIsLost", 2, sum))
			.hasToString("FAULT nothingIsLost: 2 trials, 3 connections {NOT_OPENED=1, CLOSED_BY_CLIENT=1, FAILED=1}, "
					+ "5 requests {OK=3, CONNECT_REFUSED=1, TRUNCATED=1}, 1 refused, 1 lost, slowest 3 ms");
	}

	private static LoadReport newConnections(MisbehavingServer.Behaviour behaviour, int count) throws Exception {
		try (MisbehavingServer server = new MisbehavingServer(behaviour)) {
			return run(LoadClient.newConnections(server.port()), count);
		}
	}

	private static LoadReport keepAlive(MisbehavingServer.Behaviour behaviour, int count) throws Exception {
		try (MisbehavingServer server = new MisbehavingServer(behaviour)) {
			return run(LoadClient.keepAlive(server.port()), count);
		}
	}

	private static LoadReport run(LoadClient.Builder client, int count) throws InterruptedException {
		LoadReport report = client.threads(1).timeout(Duration.ofMillis(500)).limit(count).start().awaitEnd();
		assertThat(report.total()).as(report.toString()).isEqualTo(count);
		return report;
	}

}
