package io.github.bootcluster.sample;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import javax.net.ssl.SSLContext;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2ResetFrame;
import io.netty.handler.codec.http2.Http2SettingsFrame;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.handler.codec.http2.Http2StreamChannelBootstrap;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/2 connection, over TLS or with prior knowledge. Like {@link HttpConnection} it
 * repeats nothing and tells what went wrong by its kind. A client that is made for users
 * hides a GOAWAY, and the JDK's without the fix of JDK-8335181 breaks off the streams
 * that it reads one with.
 */
final class Http2Connection implements Closeable {

	private static final EventLoopGroup LOOP = new MultiThreadIoEventLoopGroup(1,
			new DefaultThreadFactory("http2-client", true), NioIoHandler.newFactory());

	private final Channel channel;

	private final Duration timeout;

	private volatile boolean goingAway;

	private Http2Connection(Channel channel, Duration timeout) {
		this.channel = channel;
		this.timeout = timeout;
	}

	/**
	 * Opens a connection and waits until the server has greeted.
	 * @param port the port on the loopback address
	 * @param timeout how long that may take, and later each answer
	 * @param ssl what trusts the server, or {@code null} for prior knowledge
	 * @return the connection
	 * @throws ExchangeFailedException if it can't be opened
	 */
	static Http2Connection open(int port, Duration timeout, @Nullable SSLContext ssl) throws ExchangeFailedException {
		CompletableFuture<Http2Connection> greeted = new CompletableFuture<>();
		Channel channel = new Bootstrap().group(LOOP)
			.channel(NioSocketChannel.class)
			.handler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel channel) {
					prepare(channel, ssl, new Http2Connection(channel, timeout).new ConnectionHandler(greeted));
				}

			})
			.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
			.addListener((future) -> {
				if (!future.isSuccess()) {
					greeted.completeExceptionally(future.cause());
				}
			})
			.channel();
		try {
			return greeted.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			channel.close();
			throw new ExchangeFailedException(outcomeOfConnect(ex.getCause()), String.valueOf(ex.getCause()), ex);
		}
		catch (TimeoutException ex) {
			channel.close();
			throw new ExchangeFailedException(channel.isActive() ? Outcome.HANG : Outcome.CONNECT_TIMEOUT,
					"no greeting in time", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static Outcome outcomeOfConnect(@Nullable Throwable failure) {
		if (failure instanceof ConnectTimeoutException) {
			return Outcome.CONNECT_TIMEOUT;
		}
		if (failure instanceof ConnectException) {
			return Outcome.CONNECT_REFUSED;
		}
		return Outcome.RESET_BEFORE_RESPONSE;
	}

	private static void prepare(Channel channel, @Nullable SSLContext ssl, ConnectionHandler handler) {
		if (ssl == null) {
			speakHttp2(channel, handler);
			return;
		}
		channel.pipeline()
			.addLast(NettyTls.of(ssl, ApplicationProtocolNames.HTTP_2).newHandler(channel.alloc()))
			.addLast(new ApplicationProtocolNegotiationHandler("none") {

				@Override
				protected void configurePipeline(ChannelHandlerContext context, String protocol) {
					if (!protocol.equals(ApplicationProtocolNames.HTTP_2)) {
						throw new IllegalStateException("The server speaks " + protocol);
					}
					speakHttp2(context.channel(), handler);
				}

			})
			.addLast(new FailureHandler(handler.greeted));
	}

	private static void speakHttp2(Channel channel, ConnectionHandler handler) {
		channel.pipeline()
			.addLast(Http2FrameCodecBuilder.forClient().build())
			.addLast(new Http2MultiplexHandler(new ChannelInboundHandlerAdapter()))
			.addLast(handler);
	}

	/**
	 * Tells whether the server has not said that it ends the connection, and neither has
	 * it ended.
	 * @return whether a request may be sent
	 */
	boolean takesRequests() {
		return !this.goingAway && this.channel.isActive();
	}

	boolean isGoingAway() {
		return this.goingAway;
	}

	/**
	 * Sends a request on a stream of its own and waits for the answer.
	 * @param path the path
	 * @return the answer, or {@code null} if nothing was sent because the connection has
	 * just been given up by the server
	 * @throws ExchangeFailedException if there is no whole answer
	 */
	@Nullable HttpAnswer get(String path) throws ExchangeFailedException {
		StreamHandler stream = new StreamHandler();
		new Http2StreamChannelBootstrap(this.channel).handler(stream).open().addListener((opened) -> {
			if (!opened.isSuccess()) {
				stream.answer.complete(null);
				return;
			}
			Http2Headers headers = new DefaultHttp2Headers().method("GET")
				.scheme("http")
				.authority("localhost")
				.path(path);
			Http2StreamChannel sending = (Http2StreamChannel) opened.getNow();
			sending.writeAndFlush(new DefaultHttp2HeadersFrame(headers, true)).addListener((sent) -> {
				stream.sent = sent.isSuccess();
				if (!stream.sent) {
					stream.answer.complete(null);
				}
			});
		});
		try {
			return stream.answer.get(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (ExecutionException ex) {
			throw (ex.getCause() instanceof ExchangeFailedException failure) ? failure
					: new ExchangeFailedException(Outcome.CLIENT_ERROR, String.valueOf(ex.getCause()), ex);
		}
		catch (TimeoutException ex) {
			throw new ExchangeFailedException(Outcome.HANG, "no whole answer in time", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void close() {
		this.channel.close();
	}

	/**
	 * Passes on that a connection failed before it was one of HTTP/2.
	 *
	 * @param greeted hears of it
	 */
	private static final class FailureHandler extends ChannelInboundHandlerAdapter {

		private final CompletableFuture<Http2Connection> greeted;

		FailureHandler(CompletableFuture<Http2Connection> greeted) {
			this.greeted = greeted;
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			this.greeted.completeExceptionally(new IllegalStateException("closed before the greeting"));
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			this.greeted.completeExceptionally(cause);
			context.close();
		}

	}

	/**
	 * Hears what concerns the whole connection.
	 */
	private final class ConnectionHandler extends ChannelInboundHandlerAdapter {

		private final CompletableFuture<Http2Connection> greeted;

		ConnectionHandler(CompletableFuture<Http2Connection> greeted) {
			this.greeted = greeted;
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			if (message instanceof Http2GoAwayFrame) {
				Http2Connection.this.goingAway = true;
			}
			else if (message instanceof Http2SettingsFrame) {
				this.greeted.complete(Http2Connection.this);
			}
			ReferenceCountUtil.release(message);
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			this.greeted.completeExceptionally(new IllegalStateException("closed before the greeting"));
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			this.greeted.completeExceptionally(cause);
			context.close();
		}

	}

	/**
	 * Hears what concerns one stream. The answer is {@code null} if nothing was sent.
	 */
	private static final class StreamHandler extends ChannelInboundHandlerAdapter {

		private final CompletableFuture<@Nullable HttpAnswer> answer = new CompletableFuture<>();

		private final Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

		private final ByteArrayOutputStream body = new ByteArrayOutputStream();

		private int status;

		private boolean declined;

		private boolean sent;

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			boolean last = false;
			if (message instanceof Http2HeadersFrame frame) {
				read(frame.headers());
				last = frame.isEndStream();
			}
			else if (message instanceof Http2DataFrame frame) {
				byte[] bytes = new byte[frame.content().readableBytes()];
				frame.content().readBytes(bytes);
				this.body.writeBytes(bytes);
				last = frame.isEndStream();
			}
			ReferenceCountUtil.release(message);
			if (last) {
				this.answer.complete(new HttpAnswer(this.status, this.headers, this.body.toByteArray()));
			}
		}

		private void read(Http2Headers received) {
			CharSequence value = received.status();
			if (value != null) {
				this.status = Integer.parseInt(value.toString());
			}
			received.forEach((header) -> this.headers.put(header.getKey().toString(), header.getValue().toString()));
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) {
			if (event instanceof Http2GoAwayFrame) {
				// Sent to the streams only that the server has not begun
				this.declined = true;
			}
			else if (event instanceof Http2ResetFrame reset) {
				this.declined |= reset.errorCode() == Http2Error.REFUSED_STREAM.code();
				fail(context, "reset with error " + reset.errorCode());
			}
			ReferenceCountUtil.release(event);
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			fail(context, cause.toString());
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			fail(context, "ended");
		}

		private void fail(ChannelHandlerContext context, String how) {
			if (!this.sent) {
				this.answer.complete(null);
				return;
			}
			Outcome outcome = (this.status != 0) ? Outcome.TRUNCATED : Outcome.CLOSED_BEFORE_RESPONSE;
			if (this.declined) {
				outcome = Outcome.DECLINED;
			}
			this.answer.completeExceptionally(
					new ExchangeFailedException(outcome,
							"stream %d %s after %d bytes of body".formatted(
									((Http2StreamChannel) context.channel()).stream().id(), how, this.body.size()),
							null));
		}

	}

}
