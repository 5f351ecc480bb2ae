package io.github.bootcluster.sample;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * A WebSocket on the JDK's client, of which one asks for a message at a time.
 */
final class WebSocketClient implements AutoCloseable {

	private static final int LIMIT_SECONDS = 10;

	private final Listener listener = new Listener();

	private final WebSocket socket;

	WebSocketClient(HttpClient client, URI uri) throws Exception {
		this.socket = client.newWebSocketBuilder().buildAsync(uri, this.listener).get(LIMIT_SECONDS, TimeUnit.SECONDS);
	}

	/**
	 * Sends a text and waits for what comes back.
	 * @param text the text
	 * @return the next message, or {@code null} if none came in time
	 * @throws Exception if the connection is broken
	 */
	@Nullable String echo(String text) throws Exception {
		this.socket.sendText(text, true).get(LIMIT_SECONDS, TimeUnit.SECONDS);
		return this.listener.messages.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
	}

	@Override
	public void close() throws Exception {
		this.socket.sendClose(WebSocket.NORMAL_CLOSURE, "").get(LIMIT_SECONDS, TimeUnit.SECONDS);
		this.listener.messages.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
	}

	private static final class Listener implements WebSocket.Listener {

		private final BlockingQueue<String> messages = new LinkedBlockingQueue<>();

		private final StringBuilder message = new StringBuilder();

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
			this.message.append(data);
			if (last) {
				this.messages.add(this.message.toString());
				this.message.setLength(0);
			}
			socket.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onClose(WebSocket socket, int status, String reason) {
			this.messages.add("closed " + status);
			return null;
		}

	}

}
