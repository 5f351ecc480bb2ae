package io.github.bootcluster.sample;

import java.net.URI;
import java.util.OptionalLong;

import io.github.bootcluster.sample.LoadReport.ConnectionEnd;
import org.jspecify.annotations.Nullable;

/**
 * Has messages echoed on a WebSocket that it keeps for as long as the server lets it.
 */
final class WebSocketUser implements LoadUser {

	private final LoadClient.Builder settings;

	private @Nullable WebSocketClient socket;

	private int messages;

	WebSocketUser(LoadClient.Builder settings) {
		this.settings = settings;
	}

	@Override
	public boolean attempt(LoadAccount account) {
		String text = "message " + this.messages++;
		try {
			long start = System.nanoTime();
			if (this.socket != null && this.socket.isEnded()) {
				end(account, ConnectionEnd.FAILED);
			}
			WebSocketClient current = this.socket;
			if (current == null) {
				account.connectionBegins();
				current = open();
				this.socket = current;
			}
			String echo = current.echo(text);
			if (!echo.equals(text)) {
				throw new ExchangeFailedException(Outcome.MALFORMED, "'" + echo + "' for '" + text + "'", null);
			}
			account.answered(OptionalLong.empty(), System.nanoTime() - start);
			return true;
		}
		catch (ExchangeFailedException ex) {
			account.failed(ex.outcome(), String.valueOf(ex.getMessage()));
			end(account, (this.socket != null) ? ConnectionEnd.FAILED : ConnectionEnd.NOT_OPENED);
		}
		return false;
	}

	private WebSocketClient open() throws ExchangeFailedException {
		URI uri = URI.create(((this.settings.ssl() != null) ? "wss" : "ws") + "://localhost:" + this.settings.port()
				+ this.settings.path());
		return new WebSocketClient(uri, this.settings.ssl(), this.settings.timeout());
	}

	/**
	 * Books the end of a connection, which the server has announced if it closed it
	 * because it restarts.
	 * @param account the account
	 * @param otherwise how it has ended else
	 */
	private void end(LoadAccount account, ConnectionEnd otherwise) {
		ConnectionEnd end = otherwise;
		WebSocketClient ended = this.socket;
		if (ended != null) {
			Integer code = ended.closeCode();
			end = (code != null && code == WebSocketClient.SERVICE_RESTART) ? ConnectionEnd.CLOSE_ANNOUNCED : end;
			close(ended);
		}
		this.socket = null;
		account.connectionEnds(end);
	}

	private static void close(WebSocketClient socket) {
		try {
			socket.close();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@Override
	public void leave(LoadAccount account) {
		if (this.socket != null) {
			end(account, ConnectionEnd.CLOSED_BY_CLIENT);
		}
	}

}
