package io.github.bootcluster.sample;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

import io.github.bootcluster.sample.LoadReport.ConnectionEnd;

/**
 * Many keep-alive connections that one thread asks one after another, and on which
 * nothing happens meanwhile. What was asked is booked, and so is every connection.
 */
final class IdleConnections implements AutoCloseable {

	private static final String PATH = "/";

	private final LoadAccount account = new LoadAccount();

	private final List<HttpConnection> open = new ArrayList<>();

	private IdleConnections() {
	}

	/**
	 * Opens connections and asks once on each.
	 * @param port the port on the loopback address
	 * @param count how many
	 * @param timeout the longest wait for a connection or an answer
	 * @return the connections that were answered
	 */
	static IdleConnections open(int port, int count, Duration timeout) {
		IdleConnections connections = new IdleConnections();
		for (int i = 0; i < count; i++) {
			connections.add(port, timeout);
		}
		connections.ask();
		return connections;
	}

	private void add(int port, Duration timeout) {
		this.account.connectionBegins();
		try {
			this.open.add(HttpConnection.open(port, timeout));
		}
		catch (ExchangeFailedException ex) {
			this.account.attemptBegins();
			this.account.failed(ex.outcome(), String.valueOf(ex.getMessage()));
			this.account.connectionEnds(ConnectionEnd.NOT_OPENED);
		}
	}

	int size() {
		return this.open.size();
	}

	/**
	 * Looks which connections the server has ended, and asks nothing of these any more.
	 */
	void forgetEnded() {
		for (Iterator<HttpConnection> all = this.open.iterator(); all.hasNext();) {
			HttpConnection connection = all.next();
			try {
				if (!connection.isEnded()) {
					continue;
				}
				this.account.connectionEnds(ConnectionEnd.CLOSED_WHILE_IDLE);
			}
			catch (IOException ex) {
				this.account.connectionEnds(ConnectionEnd.RESET_WHILE_IDLE);
			}
			all.remove();
			connection.close();
		}
	}

	/**
	 * Asks once on each connection that is open.
	 */
	void ask() {
		for (Iterator<HttpConnection> all = this.open.iterator(); all.hasNext();) {
			HttpConnection connection = all.next();
			if (!ask(connection)) {
				all.remove();
				connection.close();
			}
		}
	}

	private boolean ask(HttpConnection connection) {
		this.account.attemptBegins();
		try {
			long start = System.nanoTime();
			HttpAnswer answer = connection.get(PATH);
			if (answer.status() == 200) {
				this.account.answered(answer.pid(), System.nanoTime() - start);
			}
			else {
				this.account.failed(Outcome.BAD_STATUS, "status " + answer.status() + ": " + answer.text());
			}
			if (answer.announcesClose()) {
				this.account.connectionEnds(ConnectionEnd.CLOSE_ANNOUNCED);
				return false;
			}
			return true;
		}
		catch (ExchangeFailedException ex) {
			this.account.failed(ex.outcome(), String.valueOf(ex.getMessage()));
			this.account.connectionEnds(ConnectionEnd.FAILED);
			return false;
		}
	}

	/**
	 * Closes what is open.
	 * @return what became of all connections and of what was asked on them
	 */
	LoadReport finish() {
		close();
		return this.account.report();
	}

	@Override
	public void close() {
		for (HttpConnection connection : this.open) {
			connection.close();
			this.account.connectionEnds(ConnectionEnd.CLOSED_BY_CLIENT);
		}
		this.open.clear();
	}

}
