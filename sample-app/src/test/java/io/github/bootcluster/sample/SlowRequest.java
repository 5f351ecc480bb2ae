package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A request that its worker has begun to answer and not yet answered. The process must
 * log what the sample logs with level debug.
 *
 * @param pid the worker's process id
 * @param answer what becomes of the request
 */
record SlowRequest(long pid, CompletableFuture<HttpAnswer> answer) {

	private static final int LIMIT_SECONDS = 30;

	private static final Duration PATIENCE = Duration.ofMinutes(2);

	private static final int MAX_CONNECTIONS = 100;

	/**
	 * Begins a request to one worker.
	 * @param process the cluster
	 * @param pid the worker's process id
	 * @param millis how long the answer takes, a number used once per process
	 * @return the request, which is being answered
	 * @throws ExchangeFailedException if there is no connection
	 * @throws InterruptedException if the thread is interrupted
	 */
	static SlowRequest begin(ClusterProcess process, long pid, int millis)
			throws ExchangeFailedException, InterruptedException {
		HttpConnection connection = connect(process, pid);
		SlowRequest request = new SlowRequest(pid, send(connection, millis));
		process.awaitLine("Answering in " + millis + " ms");
		return request;
	}

	private static HttpConnection connect(ClusterProcess process, long pid)
			throws ExchangeFailedException, InterruptedException {
		for (int i = 0; i < MAX_CONNECTIONS; i++) {
			HttpConnection connection = HttpConnection.open(process.port(), PATIENCE);
			if (connection.get("/").pid().orElseThrow() == pid) {
				return connection;
			}
			connection.close();
		}
		throw new AssertionError("No connection is handed to process " + pid);
	}

	private static CompletableFuture<HttpAnswer> send(HttpConnection connection, int millis) {
		return CompletableFuture.supplyAsync(() -> {
			try (connection) {
				return connection.get("/slow?duration=" + millis + "ms");
			}
			catch (ExchangeFailedException ex) {
				throw new IllegalStateException(ex.outcome() + ": " + ex.getMessage(), ex);
			}
		}, (task) -> new Thread(task, "slow-" + millis).start());
	}

	/**
	 * Waits for the answer.
	 * @return the process that gave it
	 * @throws ExecutionException if there is none
	 * @throws InterruptedException if the thread is interrupted
	 * @throws TimeoutException if nothing came of the request
	 */
	long answeredBy() throws ExecutionException, InterruptedException, TimeoutException {
		HttpAnswer result = this.answer.get(LIMIT_SECONDS, TimeUnit.SECONDS);
		if (result.status() != 200) {
			throw new AssertionError("Status " + result.status() + ": " + result.text());
		}
		return result.pid().orElseThrow();
	}

}
