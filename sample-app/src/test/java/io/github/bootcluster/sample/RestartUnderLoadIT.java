package io.github.bootcluster.sample;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.bootcluster.sample.LoadReport.ConnectionEnd;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises to clients of all kinds that live through the same restarts.
 * {@code -Dit.restarts} makes them more than one.
 */
class RestartUnderLoadIT {

	private static final int RESTARTS = Integer.getInteger("it.restarts", 1);

	private static final int IDLE = 1000;

	private static final int IDLE_SOCKETS = 6;

	private static final List<Integer> socketCloses = new ArrayList<>();

	private static ClusterProcess process;

	private static RestartReports reports;

	private static LoadReport idle;

	private static Set<Long> last;

	@BeforeAll
	static void restartUnderLoad() throws Exception {
		process = ClusterProcess.named("restart-under-load")
			.workers(2)
			.args("--server.http2.enabled=true", "--cluster.drain.timeout=12s")
			.startReady();
		List<WebSocketClient> sockets = new ArrayList<>();
		try (IdleConnections connections = IdleConnections.open(process.port(), IDLE, Duration.ofSeconds(20));
				RestartReports.Clients clients = RestartReports.clients(process.port(), null)) {
			for (int i = 0; i < IDLE_SOCKETS; i++) {
				sockets.add(new WebSocketClient(URI.create("ws://localhost:" + process.port() + "/echo"), null));
				assertThat(sockets.get(i).echo("hello")).isEqualTo("hello");
			}
			for (int i = 0; i < RESTARTS; i++) {
				clients.awaitProgress();
				Set<Long> old = process.workers();
				Restart.begin(process).awaitCompleted();
				process.awaitReplaced(old);
				connections.ask();
			}
			clients.awaitProgress();
			reports = clients.stop();
			idle = connections.finish();
			last = process.workers();
			for (WebSocketClient socket : sockets) {
				socketCloses.add(socket.awaitClose(Duration.ofSeconds(1)));
			}
		}
		finally {
			for (WebSocketClient socket : sockets) {
				socket.close();
			}
		}
	}

	@AfterAll
	static void stop() throws Exception {
		if (process != null) {
			process.close();
		}
	}

	@Test
	void idleConnectionsMoveAndAreAnsweredAsIfNothingHadHappened() {
		FaultLine.print("idleConnectionsMoveAndAreAnsweredAsIfNothingHadHappened", RESTARTS, List.of(idle));
		assertThat(idle.count(Outcome.OK)).as(idle.toString()).isEqualTo((1L + RESTARTS) * IDLE);
		assertThat(idle.count(ConnectionEnd.CLOSED_BY_CLIENT)).as(idle.toString()).isEqualTo(IDLE);
		assertThat(idle.pids()).containsAll(last);
	}

	@Test
	void newConnectionsAreAllAnswered() {
		reports.assertAllAnswered("newConnectionsAreAllAnswered", RESTARTS, "new");
	}

	@Test
	void keptConnectionsAreAllAnswered() {
		reports.assertAllAnswered("keptConnectionsAreAllAnswered", RESTARTS, "kept", "rarely used");
	}

	@Test
	void slowRequestsInFlightAreAnswered() {
		reports.assertAllAnswered("slowRequestsInFlightAreAnswered", RESTARTS, "new slow", "kept slow");
	}

	@Test
	void eventStreamsArriveWhole() {
		reports.assertAllAnswered("eventStreamsArriveWhole", RESTARTS, "events");
	}

	@Test
	void http2StreamsAreNotBroken() {
		reports.assertNoStreamBroken("http2StreamsAreNotBroken", RESTARTS);
	}

	@Test
	void webSocketsAreClosedWithServiceRestartAndLoseNoMessageBefore() {
		reports.assertSocketsClosedInOrder("webSocketsAreClosedWithServiceRestartAndLoseNoMessageBefore", RESTARTS);
		assertThat(socketCloses).hasSize(IDLE_SOCKETS).containsOnly(WebSocketClient.SERVICE_RESTART);
	}

}
