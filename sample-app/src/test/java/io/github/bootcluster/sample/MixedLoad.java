package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What clients do: come for one request, come back for more, wait for an answer.
 *
 * @param clients one client for each
 */
record MixedLoad(List<LoadClient> clients) implements AutoCloseable {

	/**
	 * Leaves the processors to the workers that start.
	 */
	static final Duration PAUSE = Duration.ofMillis(50);

	private static final String SLOW = "/slow?duration=300ms";

	/**
	 * How many requests the clients have in flight at most.
	 */
	static final int MAX_IN_FLIGHT = 4 * 4;

	static MixedLoad start(int port) {
		return start(port, Duration.ofSeconds(10));
	}

	/**
	 * Starts the clients.
	 * @param port the port on the loopback address
	 * @param patience how long they wait for a connection or an answer
	 * @return the clients
	 */
	static MixedLoad start(int port, Duration patience) {
		return new MixedLoad(Stream
			.of(LoadClient.newConnections(port), LoadClient.keepAlive(port), LoadClient.newConnections(port).path(SLOW),
					LoadClient.keepAlive(port).path(SLOW))
			.map((client) -> client.timeout(patience).pause(PAUSE).start())
			.toList());
	}

	/**
	 * Waits until every client has got some way further.
	 * @throws InterruptedException if the thread is interrupted
	 */
	void awaitProgress() throws InterruptedException {
		for (LoadClient client : this.clients) {
			client.awaitMore(10);
		}
	}

	List<LoadReport> stop() throws InterruptedException {
		List<LoadReport> reports = new ArrayList<>();
		for (LoadClient client : this.clients) {
			reports.add(client.stop());
		}
		return reports;
	}

	@Override
	public void close() throws InterruptedException {
		stop();
	}

}
