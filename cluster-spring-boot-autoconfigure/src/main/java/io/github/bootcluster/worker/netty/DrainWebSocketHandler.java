package io.github.bootcluster.worker.netty;

import java.util.concurrent.TimeUnit;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;

/**
 * Closes a WebSocket, and lets the client have the last word: only after its own close
 * frame is the connection closed, so that ours cannot be lost in a reset. What the
 * application would say after our close frame is dropped, as RFC 6455 (5.5.1) wants it.
 */
final class DrainWebSocketHandler extends ChannelDuplexHandler {

	private static final long CLIENT_SECONDS = 5;

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		context.writeAndFlush(new CloseWebSocketFrame(WebSocketCloseStatus.SERVICE_RESTART));
		context.read();
		context.executor().schedule(() -> context.close(), CLIENT_SECONDS, TimeUnit.SECONDS);
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		// The application hears of the client's close frame, and its answer is dropped
		context.fireChannelRead(message);
		if (message instanceof CloseWebSocketFrame) {
			context.close();
		}
		else {
			context.read();
		}
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (message instanceof WebSocketFrame) {
			ReferenceCountUtil.release(message);
			promise.trySuccess();
		}
		else {
			context.write(message, promise);
		}
	}

}
