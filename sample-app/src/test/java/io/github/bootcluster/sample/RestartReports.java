package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import io.github.bootcluster.sample.LoadReport.ConnectionEnd;
import org.jspecify.annotations.Nullable;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What became of clients of all kinds over the same restarts.
 *
 * @param byClient the reports by the name of the client
 */
record RestartReports(Map<String, LoadReport> byClient) {

	private static final int EVENTS = 20;

	private static final String EVENTS_PATH = "/events?interval=100ms&count=" + EVENTS;

	private static final String SLOW_PATH = "/slow?duration=300ms";

	private static final Duration RARELY = Duration.ofMillis(150);

	private static final List<String> HTTP2 = List.of("http2", "http2 slow", "http2 events");

	/**
	 * Starts the clients.
	 * @param port the port on the loopback address
	 * @param ssl what trusts the server, or {@code null} for plain text
	 * @return the clients
	 */
	static Clients clients(int port, @Nullable SSLContext ssl) {
		Map<String, LoadClient.Builder> builders = new LinkedHashMap<>();
		// Handshakes of TLS take much of what two processors have
		builders.put("new", LoadClient.newConnections(port).threads(2).pause((ssl != null) ? RARELY : MixedLoad.PAUSE));
		builders.put("kept", LoadClient.keepAlive(port).pause(MixedLoad.PAUSE));
		builders.put("rarely used", LoadClient.keepAlive(port).threads(16).pause(RARELY));
		builders.put("new slow", LoadClient.newConnections(port).path(SLOW_PATH));
		builders.put("kept slow", LoadClient.keepAlive(port).path(SLOW_PATH));
		builders.put("events", events(LoadClient.keepAlive(port)));
		builders.put("http2", LoadClient.http2(port).threads(2).pause(MixedLoad.PAUSE));
		builders.put("http2 slow", LoadClient.http2(port).path(SLOW_PATH));
		builders.put("http2 events", events(LoadClient.http2(port)));
		builders.put("sockets", LoadClient.webSocket(port).pause(Duration.ofMillis(50)));
		Map<String, LoadClient> clients = new LinkedHashMap<>();
		builders.forEach((name, builder) -> {
			if (ssl != null) {
				builder.trusting(ssl);
			}
			clients.put(name, builder.start());
		});
		return new Clients(clients);
	}

	private static LoadClient.Builder events(LoadClient.Builder client) {
		return client.path(EVENTS_PATH)
			.whole((answer) -> answer.lines().filter((line) -> line.startsWith("id:")).count() == EVENTS);
	}

	private LoadReport print(String promise, int trials, String... clients) {
		return FaultLine.print(promise, trials, Stream.of(clients).map(this.byClient::get).toList());
	}

	void assertAllAnswered(String promise, int trials, String... clients) {
		LoadReport report = print(promise, trials, clients);
		assertThat(report.count(Outcome.OK)).as(report.toString()).isEqualTo(report.total());
	}

	void assertNothingLost(String promise, int trials, String... clients) {
		LoadReport report = print(promise, trials, clients);
		assertThat(report.lost()).as(report.toString()).isZero();
	}

	/**
	 * A stream that the server has declined is none that it broke: it never began.
	 * @param promise the promise
	 * @param trials how often it was put to the test
	 */
	void assertNoStreamBroken(String promise, int trials) {
		LoadReport report = print(promise, trials, HTTP2.toArray(String[]::new));
		assertThat(report.count(Outcome.OK) + report.count(Outcome.DECLINED)).as(report.toString())
			.isEqualTo(report.total());
		assertThat(report.count(ConnectionEnd.CLOSE_ANNOUNCED)).as(report.toString()).isPositive();
		assertThat(report.count(ConnectionEnd.FAILED)).as(report.toString()).isZero();
	}

	/**
	 * A message that meets the server's close on its way is not answered, and its sender
	 * learns so.
	 * @param promise the promise
	 * @param trials how often it was put to the test
	 */
	void assertSocketsClosedInOrder(String promise, int trials) {
		LoadReport report = print(promise, trials, "sockets");
		assertThat(report.count(Outcome.OK) + report.count(Outcome.STALE_KEEPALIVE)).as(report.toString())
			.isEqualTo(report.total());
		assertThat(report.count(ConnectionEnd.CLOSE_ANNOUNCED)).as(report.toString()).isPositive();
		assertThat(report.count(ConnectionEnd.FAILED)).as(report.toString()).isZero();
	}

	/**
	 * The clients while they run.
	 *
	 * @param byName each by its name
	 */
	record Clients(Map<String, LoadClient> byName) implements AutoCloseable {

		void awaitProgress() throws InterruptedException {
			for (LoadClient client : this.byName.values()) {
				client.awaitMore(4);
			}
		}

		RestartReports stop() throws InterruptedException {
			Map<String, LoadReport> reports = new LinkedHashMap<>();
			for (Map.Entry<String, LoadClient> client : this.byName.entrySet()) {
				reports.put(client.getKey(), client.getValue().stop());
			}
			return new RestartReports(reports);
		}

		@Override
		public void close() throws InterruptedException {
			stop();
		}

	}

}
