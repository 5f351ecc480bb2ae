package io.github.bootcluster.worker.netty;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.ClusterServers;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.websocketx.WebSocketFrameDecoder;
import io.netty.handler.codec.http2.DefaultHttp2GoAwayFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.AttributeKey;
import org.jspecify.annotations.Nullable;
import reactor.netty.NettyPipeline;

/**
 * {@link ConnectionDrain} of Reactor Netty. Connections carry nothing for it until the
 * worker drains.
 * <ul>
 * <li>HTTP/1.1: the next response behind which no request waits tells the client to
 * close, and a connection that has been idle for a second is closed when it is due. When
 * the time is up, a request that is not being answered gets a 503, and an event stream
 * ends in order, behind a whole event.</li>
 * <li>HTTP/2, when it is due: a GOAWAY that only announces the end, so that no request
 * which is on its way gets lost, then one with the last stream; the streams finish. RFC
 * 9113 (6.8) suggests both steps.</li>
 * <li>WebSocket, when it is due: a close frame with code 1012, "service restart".</li>
 * <li>Any other protocol: the application is told when it is due, if it
 * {@linkplain ClusterServers#whenDraining asks}.</li>
 * </ul>
 */
public final class ReactorNettyDrain implements ConnectionDrain {

	private static final String RESPONSE_HANDLER = "cluster.left.drainResponse";

	private static final String WEB_SOCKET_HANDLER = "cluster.left.drainWebSocket";

	/**
	 * Set by Reactor Netty where a PROXY header named the client. It is sent once, at the
	 * beginning: another worker would not know the client, and wait for a header.
	 */
	private static final AttributeKey<Object> PROXIED = AttributeKey.valueOf("remoteAddressFromProxyProtocol");

	private static final AttributeKey<Long> ANNOUNCED = AttributeKey.valueOf("cluster.goawayAnnounced");

	private static final AttributeKey<Boolean> GOING_AWAY = AttributeKey.valueOf("cluster.goingAway");

	/**
	 * Between the two steps of an HTTP/2 connection's end: longer than requests are under
	 * way.
	 */
	private static final long GOAWAY_NANOS = TimeUnit.SECONDS.toNanos(1);

	/**
	 * What a client may need for its next request when it has the last response.
	 */
	private static final Duration KEEP_ALIVE_GRACE = Duration.ofSeconds(1);

	private final HttpConnectionState state;

	private final Duration grace;

	/**
	 * Creates a drain.
	 */
	public ReactorNettyDrain() {
		this(HttpConnectionState.find(), KEEP_ALIVE_GRACE);
	}

	ReactorNettyDrain(HttpConnectionState state, Duration grace) {
		this.state = state;
		this.grace = grace;
	}

	@Override
	public void drain(Channel connection, boolean due) {
		if (due) {
			DrainTurn.come(connection);
		}
		ChannelPipeline pipeline = connection.pipeline();
		ChannelHandlerContext http2 = pipeline.context(Http2FrameCodec.class);
		if (http2 != null) {
			if (due) {
				goAway(http2);
			}
		}
		else if (pipeline.get(NettyPipeline.HttpTrafficHandler) != null) {
			drainHttp(pipeline, due);
		}
		else if (due && pipeline.get(WebSocketFrameDecoder.class) != null && pipeline.get(WEB_SOCKET_HANDLER) == null) {
			pipeline.addBefore(NettyPipeline.ReactiveBridge, WEB_SOCKET_HANDLER, new DrainWebSocketHandler());
		}
	}

	private void drainHttp(ChannelPipeline pipeline, boolean due) {
		DrainResponseHandler handler = pipeline.get(DrainResponseHandler.class);
		if (handler == null) {
			handler = new DrainResponseHandler(this.state);
			pipeline.addAfter(NettyPipeline.HttpTrafficHandler, RESPONSE_HANDLER, handler);
		}
		if (due) {
			handler.comeDue();
			if (handler.unusedNanos() >= this.grace.toNanos() && this.state.isIdle(pipeline)) {
				pipeline.channel().close();
			}
		}
	}

	private void goAway(ChannelHandlerContext http2) {
		Channel connection = http2.channel();
		@Nullable Long announcedAt = connection.attr(ANNOUNCED).get();
		if (announcedAt == null) {
			connection.attr(ANNOUNCED).set(System.nanoTime());
			connection.pipeline()
				.writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR).setExtraStreamIds(Integer.MAX_VALUE));
		}
		else if (System.nanoTime() - announcedAt > GOAWAY_NANOS
				&& connection.attr(GOING_AWAY).setIfAbsent(true) == null) {
			connection.pipeline().writeAndFlush(new DefaultHttp2GoAwayFrame(Http2Error.NO_ERROR));
			// Netty waits for the streams, with server.shutdown=immediate too if it is
			// told to
			((Http2FrameCodec) http2.handler()).gracefulShutdownTimeoutMillis(-1);
			connection.close();
		}
	}

	@Override
	public boolean isMovable(Channel connection) {
		ChannelPipeline pipeline = connection.pipeline();
		return pipeline.get(SslHandler.class) == null && connection.attr(PROXIED).get() == null
				&& this.state.isBetweenRequests(pipeline);
	}

	@Override
	public void finish(Channel connection) {
		DrainResponseHandler handler = connection.pipeline().get(DrainResponseHandler.class);
		if (handler != null) {
			handler.finish();
		}
	}

}
