package io.github.bootcluster.wire;

import java.io.IOException;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Last handler of a control socket's pipeline.
 */
final class ControlHandler extends SimpleChannelInboundHandler<Frame> {

	private static final Log logger = LogFactory.getLog(ControlHandler.class);

	private final ControlConnection connection;

	private final ControlListener listener;

	ControlHandler(ControlConnection connection, ControlListener listener) {
		this.connection = connection;
		this.listener = listener;
	}

	@Override
	protected void channelRead0(ChannelHandlerContext context, Frame frame) {
		if (!this.connection.isClosed()) {
			FrameLog.received(this.connection.peerPid(), frame);
			this.listener.received(this.connection, frame);
		}
	}

	@Override
	public void channelWritabilityChanged(ChannelHandlerContext context) {
		if (context.channel().isWritable()) {
			this.connection.writable();
		}
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) {
		this.listener.closed(this.connection);
	}

	@Override
	public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
		// That the other end has gone is no news: the end of the connection tells it
		if (!(cause instanceof IOException) && !this.connection.isClosed()) {
			Throwable root = (cause.getCause() != null) ? cause.getCause() : cause;
			logger.warn("Closing the control connection%s: %s".formatted(
					this.connection.peerPid().isPresent() ? " of pid " + this.connection.peerPid().getAsLong() : "",
					root.getMessage()));
		}
		this.connection.close();
	}

}
