package io.github.bootcluster.worker;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http2.Http2ConnectionHandler;
import io.netty.util.AttributeKey;
import reactor.netty.NettyPipeline;
import reactor.netty.channel.ChannelOperations;

/**
 * {@link ConnectionDrain} of Reactor Netty. Connections carry nothing for it until the
 * worker drains. Every HTTP/1.1 response from then on tells the client to close; HTTP/2
 * connections are closed with a GOAWAY and their streams finish.
 */
public final class ReactorNettyDrain implements ConnectionDrain {

	private static final String CLOSE_HANDLER = "cluster.left.connectionClose";

	private static final AttributeKey<Boolean> GOING_AWAY = AttributeKey.valueOf("cluster.goingAway");

	@Override
	public void drain(Channel connection, boolean closeIdle) {
		ChannelPipeline pipeline = connection.pipeline();
		if (pipeline.get(Http2ConnectionHandler.class) != null) {
			if (connection.attr(GOING_AWAY).setIfAbsent(true) == null) {
				// Netty sends the GOAWAY and waits for the streams
				connection.close();
			}
		}
		else if (pipeline.get(NettyPipeline.HttpTrafficHandler) != null) {
			if (pipeline.get(CLOSE_HANDLER) == null) {
				pipeline.addAfter(NettyPipeline.HttpTrafficHandler, CLOSE_HANDLER, new ConnectionCloseHandler());
			}
			if (closeIdle && ChannelOperations.get(connection) == null) {
				connection.close();
			}
		}
	}

	private static final class ConnectionCloseHandler extends ChannelOutboundHandlerAdapter {

		@Override
		public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
			if (message instanceof HttpResponse response && response.status().code() >= 200) {
				HttpUtil.setKeepAlive(response, false);
			}
			context.write(message, promise);
		}

	}

}
