package io.github.bootcluster.sample;

import java.util.ArrayList;
import java.util.List;

import io.github.bootcluster.sample.LoadReport.ConnectionEnd;
import org.jspecify.annotations.Nullable;

/**
 * The one connection at a time that users of HTTP/2 share, and those before it on which
 * streams may still be answered.
 */
final class Http2Line {

	private final List<Http2Connection> old = new ArrayList<>();

	private @Nullable Http2Connection current;

	private int users;

	synchronized void join() {
		this.users++;
	}

	/**
	 * Returns a connection that takes requests, a new one if need be.
	 * @param account where to book it
	 * @param settings where to, and how
	 * @return the connection
	 * @throws ExchangeFailedException if none can be opened
	 */
	synchronized Http2Connection connection(LoadAccount account, LoadClient.Builder settings)
			throws ExchangeFailedException {
		Http2Connection connection = this.current;
		if (connection != null && connection.takesRequests()) {
			return connection;
		}
		if (connection != null) {
			retire(account, connection);
		}
		account.connectionBegins();
		try {
			connection = Http2Connection.open(settings.port(), settings.timeout(), settings.ssl());
			this.current = connection;
			return connection;
		}
		catch (ExchangeFailedException | RuntimeException ex) {
			account.connectionEnds(ConnectionEnd.NOT_OPENED);
			throw ex;
		}
	}

	private void retire(LoadAccount account, Http2Connection connection) {
		if (connection.takesRequests()) {
			account.connectionEnds(ConnectionEnd.CLOSED_BY_CLIENT);
		}
		else {
			account.connectionEnds(connection.isGoingAway() ? ConnectionEnd.CLOSE_ANNOUNCED : ConnectionEnd.FAILED);
		}
		this.current = null;
		this.old.add(connection);
	}

	/**
	 * Closes all connections once nobody uses them any more.
	 * @param account where to book it
	 */
	synchronized void leave(LoadAccount account) {
		if (--this.users > 0) {
			return;
		}
		if (this.current != null) {
			retire(account, this.current);
		}
		this.old.forEach(Http2Connection::close);
	}

}
