package io.github.bootcluster.sample;

import org.jspecify.annotations.Nullable;

/**
 * Speaks HTTP/2, one stream at a time, on a connection that it shares with others.
 */
final class Http2User implements LoadUser {

	private final LoadClient.Builder settings;

	private final Http2Line line;

	Http2User(LoadClient.Builder settings, Http2Line line) {
		this.settings = settings;
		this.line = line;
		line.join();
	}

	@Override
	public boolean attempt(LoadAccount account) {
		try {
			long start = System.nanoTime();
			HttpAnswer answer = answer(account);
			if (answer.status() / 100 != 2) {
				account.failed(Outcome.BAD_STATUS, "status " + answer.status() + ": " + answer.text());
				return false;
			}
			if (!this.settings.isWhole(answer.text())) {
				account.failed(Outcome.TRUNCATED, "ended in order after " + answer.body().length + " bytes");
				return false;
			}
			account.answered(answer.pid(), System.nanoTime() - start);
			return true;
		}
		catch (ExchangeFailedException ex) {
			account.failed(ex.outcome(), String.valueOf(ex.getMessage()));
		}
		catch (RuntimeException ex) {
			account.failed(Outcome.CLIENT_ERROR, ex.toString());
		}
		return false;
	}

	private HttpAnswer answer(LoadAccount account) throws ExchangeFailedException {
		@Nullable HttpAnswer answer = null;
		while (answer == null) {
			answer = this.line.connection(account, this.settings).get(this.settings.path());
		}
		return answer;
	}

	@Override
	public void leave(LoadAccount account) {
		this.line.leave(account);
	}

}
