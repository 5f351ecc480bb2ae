package io.github.bootcluster.worker.netty;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import reactor.netty.channel.ChannelOperations;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Tells the client of a draining HTTP/1.1 connection to close it, in the first response
 * whose headers are still to be written and behind which no request is waiting: RFC 9112
 * (9.6) has requests behind such a response dropped. A client that sends requests without
 * waiting for responses may have more of them under way than were read; it is not told
 * before it is the connection's turn. The handler can also end in order what takes longer
 * than the drain: a request without a response is refused, a stream of events ended.
 */
final class DrainResponseHandler extends ChannelDuplexHandler {

	private static final String EVENT_STREAM = "text/event-stream";

	/**
	 * How many responses more a client gets that goes on sending requests ahead when it
	 * is the connection's turn.
	 */
	private static final int MAX_FURTHER = 100;

	private static final byte LINE_END = '\n';

	private final HttpConnectionState state;

	@SuppressWarnings("NullAway.Init")
	private ChannelHandlerContext context;

	/**
	 * Whether the client was seen to send a request before it had the last response.
	 */
	private boolean pipelining;

	private boolean due;

	/**
	 * How many responses may be written from the connection's turn on.
	 */
	private int left;

	/**
	 * When a request was read or a response written last, or this handler was added.
	 */
	private long usedAt = System.nanoTime();

	private boolean responding;

	/**
	 * Whether what was written last ends with an empty line, as a whole event does.
	 */
	private boolean betweenEvents = true;

	private byte lastByte = LINE_END;

	private boolean finishing;

	private boolean finished;

	DrainResponseHandler(HttpConnectionState state) {
		this.state = state;
	}

	@Override
	public void handlerAdded(ChannelHandlerContext context) {
		this.context = context;
	}

	/**
	 * Takes note that it is the connection's turn to end. The event loop calls.
	 */
	void comeDue() {
		if (!this.due) {
			this.due = true;
			this.left = this.state.requestsRead(this.context.pipeline()) + MAX_FURTHER;
		}
	}

	/**
	 * Returns for how long the connection was not used. The event loop calls.
	 * @return nanoseconds since a message was read or written
	 */
	long unusedNanos() {
		return System.nanoTime() - this.usedAt;
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) {
		this.usedAt = System.nanoTime();
		context.fireChannelRead(message);
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
		if (this.finished) {
			ReferenceCountUtil.release(message);
			promise.trySuccess();
			return;
		}
		this.usedAt = System.nanoTime();
		if (message instanceof HttpResponse response && response.status().code() >= 200) {
			this.responding = true;
			if (isLastResponse()) {
				HttpUtil.setKeepAlive(response, false);
			}
		}
		if (message instanceof LastHttpContent) {
			this.responding = false;
		}
		ByteBuf content = content(message);
		if (content != null && content.isReadable()) {
			follow(content);
		}
		context.write(message, promise);
	}

	private boolean isLastResponse() {
		boolean furtherRead = this.state.requestsRead(this.context.pipeline()) > 1;
		this.pipelining |= furtherRead;
		if (!this.due) {
			return !this.pipelining;
		}
		this.left--;
		return !furtherRead || this.left <= 0;
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
	 * Ends what is under way, in order as far as that is possible: a request that no byte
	 * of a response was sent for is answered with 503, a stream of events ends behind its
	 * last whole event. The event loop calls, again and again.
	 */
	void finish() {
		if (this.finished || !(ChannelOperations.get(this.context.channel()) instanceof HttpServerResponse response)) {
			return;
		}
		if (!response.hasSentHeaders() && !this.responding) {
			this.finished = true;
			FullHttpResponse refusal = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1,
					HttpResponseStatus.SERVICE_UNAVAILABLE);
			refusal.headers().set(HttpHeaderNames.CONTENT_LENGTH, 0);
			HttpUtil.setKeepAlive(refusal, false);
			this.context.writeAndFlush(refusal).addListener(ChannelFutureListener.CLOSE);
		}
		else {
			this.finishing = response.hasSentHeaders() && isChunkedEventStream(response);
			finishBetweenEvents();
		}
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
