package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Requests on connections of their own, all of which are sent before any answer is waited
 * for.
 */
final class PendingRequests implements AutoCloseable {

	private final ExecutorService threads = Executors.newCachedThreadPool();

	private final List<HttpConnection> connections = new ArrayList<>();

	private final List<Future<Long>> answers = new ArrayList<>();

	private PendingRequests() {
	}

	/**
	 * Opens connections one after another, and sends a request on each.
	 * @param port the port
	 * @param count how many
	 * @param limit the longest wait for an answer
	 * @return the requests
	 * @throws ExchangeFailedException if a connection can't be opened
	 */
	static PendingRequests send(int port, int count, Duration limit) throws ExchangeFailedException {
		PendingRequests requests = new PendingRequests();
		try {
			for (int i = 0; i < count; i++) {
				requests.sendOneMore(port, limit);
			}
			return requests;
		}
		catch (ExchangeFailedException | RuntimeException ex) {
			requests.close();
			throw ex;
		}
	}

	/**
	 * Opens one more connection, and sends a request on it.
	 * @param port the port
	 * @param limit the longest wait for an answer
	 * @throws ExchangeFailedException if the connection can't be opened
	 */
	void sendOneMore(int port, Duration limit) throws ExchangeFailedException {
		HttpConnection connection = HttpConnection.open(port, limit);
		this.connections.add(connection);
		this.answers.add(this.threads.submit(() -> connection.get("/").pid().orElseThrow()));
	}

	long answered() {
		return this.answers.stream().filter(Future::isDone).count();
	}

	/**
	 * Waits for all answers.
	 * @return the processes that gave them, in the order of the requests
	 * @throws ExecutionException if a request has failed
	 * @throws InterruptedException if the thread is interrupted
	 */
	List<Long> awaitPids() throws ExecutionException, InterruptedException {
		List<Long> pids = new ArrayList<>();
		for (Future<Long> answer : this.answers) {
			pids.add(answer.get());
		}
		return pids;
	}

	@Override
	public void close() {
		this.connections.forEach(HttpConnection::close);
		this.threads.shutdownNow();
	}

}
