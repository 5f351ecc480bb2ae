package io.github.bootcluster.worker;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Tells the client of a draining HTTP/1.1 connection to close it, in each response whose
 * headers are still to be written, and can end a stream of events in order.
 */
final class DrainResponseHandler extends ChannelDuplexHandler {

	private static final String EVENT_STREAM = "text/event-stream";

	private static final byte LINE_END = '\n';

	@SuppressWarnings("NullAway.Init")
	private ChannelHandlerContext context;

	/**
	 * Whether what was written last ends with an empty line, as a whole event does.
	 */
	private boolean betweenEvents = true;

	private byte lastByte = LINE_END;

	private boolean finishing;

	private boolean finished;

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.context = context;
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (this.finished) {
			ReferenceCountUtil.release(message);
			promise.trySuccess();
			return;
		}
		if (message instanceof HttpResponse response && response.status().code() >= 200) {
			HttpUtil.setKeepAlive(response, false);
		}
		ByteBuf content = content(message);
		if (content != null && content.isReadable()) {
			follow(content);
		}
		context.write(message, promise);
	}

	private static @Nullable ByteBuf content(Object message) {
		if (message instanceof ByteBuf buffer) {
			return buffer;
		}
		return (message instanceof ByteBufHolder holder) ? holder.content() : null;
	}

	private void follow(ByteBuf content) {
		int length = content.readableBytes();
		byte last = content.getByte(content.writerIndex() - 1);
		byte beforeLast = (length > 1) ? content.getByte(content.writerIndex() - 2) : this.lastByte;
		this.betweenEvents = last == LINE_END && beforeLast == LINE_END;
		this.lastByte = last;
	}

	@Override
	public void flush(ChannelHandlerContext context) {
		context.flush();
		finishBetweenEvents();
	}

	/**
	 * Ends the stream of events that is being written, if there is one, behind its last
	 * whole event. The event loop calls.
	 */
	void finish() {
		this.finishing = ChannelOperations.get(this.context.channel()) instanceof HttpServerResponse response
				&& response.hasSentHeaders() && isChunkedEventStream(response);
		finishBetweenEvents();
	}

	private static boolean isChunkedEventStream(HttpServerResponse response) {
		String type = response.responseHeaders().get(HttpHeaderNames.CONTENT_TYPE);
		return type != null && type.startsWith(EVENT_STREAM)
				&& !response.responseHeaders().contains(HttpHeaderNames.CONTENT_LENGTH);
	}

	private void finishBetweenEvents() {
		if (this.finishing && this.betweenEvents && !this.finished) {
			this.finished = true;
			this.context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT).addListener(ChannelFutureListener.CLOSE);
		}
	}

}
