package io.github.bootcluster.sample;

import java.net.InetAddress;
import java.net.InetSocketAddress;

import io.github.bootcluster.sample.LoadReport.ConnectionEnd;
import org.jspecify.annotations.Nullable;

/**
 * Speaks HTTP/1.1, and comes with a new connection each time or keeps one for as long as
 * the server lets it.
 */
final class Http1User implements LoadUser {

	private final LoadClient.Builder settings;

	private final boolean keepAlive;

	private @Nullable HttpConnection connection;

	Http1User(LoadClient.Builder settings, boolean keepAlive) {
		this.settings = settings;
		this.keepAlive = keepAlive;
	}

	@Override
	public boolean attempt(LoadAccount account) {
		try {
			long start = System.nanoTime();
			HttpConnection current = this.connection;
			if (current == null) {
				account.connectionBegins();
				current = open();
				this.connection = current;
			}
			HttpAnswer answer = this.keepAlive ? current.get(this.settings.path())
					: current.get(this.settings.path(), "Connection: close");
			boolean good = book(account, answer, System.nanoTime() - start);
			if (!this.keepAlive || answer.announcesClose()) {
				end(account, this.keepAlive ? ConnectionEnd.CLOSE_ANNOUNCED : ConnectionEnd.CLOSED_BY_CLIENT);
			}
			return good;
		}
		catch (ExchangeFailedException ex) {
			fail(account, ex.outcome(), ex);
		}
		catch (RuntimeException ex) {
			fail(account, Outcome.CLIENT_ERROR, ex);
		}
		return false;
	}

	private HttpConnection open() throws ExchangeFailedException {
		InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), this.settings.port());
		return HttpConnection.open(address, this.settings.timeout(), this.settings.ssl());
	}

	private boolean book(LoadAccount account, HttpAnswer answer, long nanos) {
		if (answer.status() / 100 != 2) {
			account.failed(Outcome.BAD_STATUS, "status " + answer.status() + ": " + answer.text());
			return false;
		}
		if (!this.settings.isWhole(answer.text())) {
			account.failed(Outcome.TRUNCATED, "ended in order after " + answer.body().length + " bytes");
			return false;
		}
		account.answered(answer.pid(), nanos);
		return true;
	}

	private void fail(LoadAccount account, Outcome outcome, Exception ex) {
		account.failed(outcome, String.valueOf(ex.getMessage()));
		end(account, (this.connection != null) ? ConnectionEnd.FAILED : ConnectionEnd.NOT_OPENED);
	}

	private void end(LoadAccount account, ConnectionEnd end) {
		if (this.connection != null) {
			this.connection.close();
			this.connection = null;
		}
		account.connectionEnds(end);
	}

	@Override
	public void leave(LoadAccount account) {
		if (this.connection != null) {
			end(account, ConnectionEnd.CLOSED_BY_CLIENT);
		}
	}

}
