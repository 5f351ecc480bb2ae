package io.github.bootcluster.sample;

import java.net.ConnectException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLContext;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket of which one asks for a message at a time. Like {@link HttpConnection} it
 * repeats nothing and tells what went wrong by its kind.
 */
final class WebSocketClient implements AutoCloseable {

	/**
	 * Close code by which a server says that it restarts.
	 */
	static final int SERVICE_RESTART = 1012;

	private static final int NORMAL_CLOSURE = 1000;

	private static final int LARGEST = 1024 * 1024;

	private static final Duration LIMIT = Duration.ofSeconds(10);

	private static final EventLoopGroup LOOP = new MultiThreadIoEventLoopGroup(1,
			new DefaultThreadFactory("web-socket-client", true), NioIoHandler.newFactory());

	private final BlockingQueue<Signal> signals = new LinkedBlockingQueue<>();

	private final CompletableFuture<@Nullable Void> opened = new CompletableFuture<>();

	private final CompletableFuture<@Nullable Integer> closeCode = new CompletableFuture<>();

	private final Duration limit;

	private final Channel channel;

	private int exchanges;

	WebSocketClient(URI uri, @Nullable SSLContext ssl) throws ExchangeFailedException {
		this(uri, ssl, LIMIT);
	}

	WebSocketClient(URI uri, @Nullable SSLContext ssl, Duration limit) throws ExchangeFailedException {
		this.limit = limit;
		this.channel = new Bootstrap().group(LOOP).channel(NioSocketChannel.class).handler(new ChannelInitializer<>() {

			@Override
			protected void initChannel(Channel channel) {
				prepare(channel, uri, ssl);
			}

		}).connect(uri.getHost(), uri.getPort()).addListener((future) -> {
			if (!future.isSuccess()) {
				this.opened.completeExceptionally(future.cause());
			}
		}).channel();
		try {
			this.opened.get(limit.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			this.channel.close();
			throw new ExchangeFailedException((ex.getCause() instanceof ConnectException) ? Outcome.CONNECT_REFUSED
					: Outcome.RESET_BEFORE_RESPONSE, String.valueOf(ex.getCause()), ex);
		}
		catch (TimeoutException ex) {
			this.channel.close();
			throw new ExchangeFailedException(this.channel.isActive() ? Outcome.HANG : Outcome.CONNECT_TIMEOUT,
					"no handshake in time", ex);
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
	}

	private void prepare(Channel channel, URI uri, @Nullable SSLContext ssl) {
		if (ssl != null) {
			channel.pipeline().addLast(NettyTls.of(ssl).newHandler(channel.alloc(), uri.getHost(), uri.getPort()));
		}
		WebSocketClientProtocolConfig config = WebSocketClientProtocolConfig.newBuilder()
			.webSocketUri(uri)
			.handleCloseFrames(false)
			.allowExtensions(false)
			.maxFramePayloadLength(LARGEST)
			.build();
		channel.pipeline()
			.addLast(new HttpClientCodec(), new HttpObjectAggregator(LARGEST),
					new WebSocketClientProtocolHandler(config), new WebSocketFrameAggregator(LARGEST), new Receiver());
	}

	/**
	 * Sends a text and waits for what comes back.
	 * @param text the text
	 * @return the next message
	 * @throws ExchangeFailedException if none comes
	 */
	String echo(String text) throws ExchangeFailedException {
		this.exchanges++;
		this.channel.writeAndFlush(new TextWebSocketFrame(text));
		Signal signal = null;
		try {
			signal = this.signals.poll(this.limit.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			throw interrupted(ex);
		}
		if (signal instanceof Message message) {
			return message.text();
		}
		String when = " before message " + this.exchanges;
		if (signal instanceof Closed closed) {
			throw new ExchangeFailedException(
					(this.exchanges > 1) ? Outcome.STALE_KEEPALIVE : Outcome.CLOSED_BEFORE_RESPONSE,
					"closed with code " + closed.code() + when, null);
		}
		if (signal instanceof Failed failed) {
			throw new ExchangeFailedException((this.exchanges > 1) ? Outcome.TRUNCATED : Outcome.RESET_BEFORE_RESPONSE,
					failed.how() + when, null);
		}
		throw new ExchangeFailedException(Outcome.HANG, "nothing in time" + when, null);
	}

	private static IllegalStateException interrupted(InterruptedException ex) {
		Thread.currentThread().interrupt();
		return new IllegalStateException(ex);
	}

	/**
	 * Tells whether the connection has ended, in whichever way.
	 * @return whether nothing can be sent any more
	 */
	boolean isEnded() {
		return this.closeCode.isDone();
	}

	/**
	 * Returns the code with which the server has closed the connection.
	 * @return the code, or {@code null} if it has not, or not in order
	 */
	@Nullable Integer closeCode() {
		return this.closeCode.getNow(null);
	}

	/**
	 * Waits until the server closes the connection.
	 * @param longest the longest wait
	 * @return the code, or {@code null} if it does not in order
	 * @throws InterruptedException if the thread is interrupted
	 */
	@Nullable Integer awaitClose(Duration longest) throws InterruptedException {
		try {
			return this.closeCode.get(longest.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException | TimeoutException ex) {
			return null;
		}
	}

	@Override
	public void close() throws InterruptedException {
		if (!isEnded()) {
			this.channel.writeAndFlush(new CloseWebSocketFrame(NORMAL_CLOSURE, ""));
			awaitClose(this.limit);
		}
		this.channel.close();
	}

	/**
	 * What comes over the connection.
	 */
	private sealed interface Signal {

	}

	private record Message(String text) implements Signal {

	}

	private record Closed(int code) implements Signal {

	}

	private record Failed(String how) implements Signal {

	}

	private final class Receiver extends SimpleChannelInboundHandler<WebSocketFrame> {

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) {
			if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
				WebSocketClient.this.opened.complete(null);
			}
		}

		@Override
		protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
			if (frame instanceof TextWebSocketFrame text) {
				WebSocketClient.this.signals.add(new Message(text.text()));
			}
			else if (frame instanceof CloseWebSocketFrame close) {
				context.writeAndFlush(close.retainedDuplicate());
				if (WebSocketClient.this.closeCode.complete(close.statusCode())) {
					WebSocketClient.this.signals.add(new Closed(close.statusCode()));
				}
			}
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			fail(cause);
			context.close();
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			fail(new IllegalStateException("the connection ended"));
		}

		private void fail(Throwable cause) {
			WebSocketClient.this.opened.completeExceptionally(cause);
			if (WebSocketClient.this.closeCode.complete(null)) {
				WebSocketClient.this.signals.add(new Failed(cause.toString()));
			}
		}

	}

}
