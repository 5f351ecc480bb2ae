package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.Map;

import io.github.bootcluster.sample.LoadReport.ConnectionEnd;
import io.github.bootcluster.sample.MisbehavingServer.Behaviour;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises of {@link IdleConnections}: they notice what a server does to them while they
 * are idle.
 */
class IdleConnectionsTests {

	private static final String ANSWER = "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{\"pid\":42}";

	private static final int COUNT = 5;

	private static final Duration TIMEOUT = Duration.ofMillis(500);

	@Test
	void connectionsThatAreKeptAreAnsweredAgain() throws Exception {
		LoadReport report = askAgain((connection) -> {
			while (connection.answer(ANSWER)) {
				assertThat(connection.socket().isClosed()).isFalse();
			}
		});
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.OK, 2L * COUNT));
		assertThat(report.connectionEnds()).isEqualTo(Map.of(ConnectionEnd.CLOSED_BY_CLIENT, (long) COUNT));
		assertThat(report.answers()).isEqualTo(Map.of(42L, 2L * COUNT));
	}

	@Test
	void connectionClosedInAnswerToTheNextRequestIsStale() throws Exception {
		LoadReport report = askAgain((connection) -> {
			connection.answer(ANSWER);
			connection.readRequest();
		});
		assertThat(report.outcomes())
			.isEqualTo(Map.of(Outcome.OK, (long) COUNT, Outcome.STALE_KEEPALIVE, (long) COUNT));
		assertThat(report.connectionEnds()).isEqualTo(Map.of(ConnectionEnd.FAILED, (long) COUNT));
	}

	@Test
	void announcedCloseIsTaken() throws Exception {
		LoadReport report = askAgain(
				(connection) -> connection.answer(ANSWER.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")));
		assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.OK, (long) COUNT));
		assertThat(report.connectionEnds()).isEqualTo(Map.of(ConnectionEnd.CLOSE_ANNOUNCED, (long) COUNT));
	}

	@Test
	void closeWhileIdleIsNoticed() throws Exception {
		assertThat(endedWhileIdle((connection) -> connection.answer(ANSWER)).connectionEnds())
			.isEqualTo(Map.of(ConnectionEnd.CLOSED_WHILE_IDLE, (long) COUNT));
	}

	@Test
	void resetWhileIdleIsNoticed() throws Exception {
		assertThat(endedWhileIdle((connection) -> {
			connection.answer(ANSWER);
			connection.reset();
		}).connectionEnds()).isEqualTo(Map.of(ConnectionEnd.RESET_WHILE_IDLE, (long) COUNT));
	}

	@Test
	void refusedConnectionsAreAccountedFor() throws Exception {
		try (RefusingPort refusing = new RefusingPort()) {
			LoadReport report = IdleConnections.open(refusing.port(), COUNT, TIMEOUT).finish();
			assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.CONNECT_REFUSED, (long) COUNT));
			assertThat(report.connectionEnds()).isEqualTo(Map.of(ConnectionEnd.NOT_OPENED, (long) COUNT));
		}
	}

	private static LoadReport askAgain(Behaviour behaviour) throws Exception {
		try (MisbehavingServer server = new MisbehavingServer(behaviour);
				IdleConnections connections = IdleConnections.open(server.port(), COUNT, TIMEOUT)) {
			connections.ask();
			return connections.finish();
		}
	}

	private static LoadReport endedWhileIdle(Behaviour behaviour) throws Exception {
		try (MisbehavingServer server = new MisbehavingServer(behaviour);
				IdleConnections connections = IdleConnections.open(server.port(), COUNT, TIMEOUT)) {
			Awaitility.await().until(() -> {
				connections.forgetEnded();
				return connections.size() == 0;
			});
			LoadReport report = connections.finish();
			assertThat(report.outcomes()).isEqualTo(Map.of(Outcome.OK, (long) COUNT));
			return report;
		}
	}

}
