package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * The master's end of all control sockets.
 */
public final class ControlServer implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(ControlServer.class);

	private final Channel channel;

	private ControlServer(Channel channel) {
		this.channel = channel;
	}

	/**
	 * Begins to take control connections.
	 * @throws IOException if the socket cannot be bound
	 */
	public static ControlServer open(SocketDirectory directory, Transport transport, EventLoopGroup loop,
			ControlListener listener) throws IOException {
		EventLoop only = loop.next();
		Greetings greetings = new Greetings(only, "control socket");
		ServerBootstrap bootstrap = new ServerBootstrap().group(only)
			.channel(transport.serverChannelType())
			.childHandler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel child) {
					greet(child, directory.control(), listener, greetings);
				}

			});
		try {
			ControlServer server = new ControlServer(
					bootstrap.bind(transport.address(directory.control())).syncUninterruptibly().channel());
			directory.admitWorkers(directory.control());
			return server;
		}
		catch (Exception ex) {
			throw new IOException("Cannot bind %s: %s".formatted(directory.control(), ex.getMessage()), ex);
		}
	}

	private static void greet(Channel child, Path socket, ControlListener listener, Greetings greetings) {
		try {
			OptionalLong pid = Peer.of(child, socket).pid();
			ControlConnection connection = new ControlConnection(child, pid);
			FrameCodec.install(child.pipeline());
			Greetings.Pending pending = greetings.await(pid.isPresent() ? "pid " + pid.getAsLong() : "a process",
					child::close);
			child.closeFuture().addListener((future) -> pending.end());
			child.pipeline().addLast(new ChannelInboundHandlerAdapter() {

				@Override
				public void channelRead(ChannelHandlerContext context, Object frame) {
					pending.end();
					context.pipeline().remove(this);
					context.fireChannelRead(frame);
				}

			}, new ControlHandler(connection, listener));
		}
		catch (IOException ex) {
			logger.warn("Dropped on the control socket: " + ex.getMessage());
			child.close();
		}
	}

	/**
	 * Takes no further connection; those that there are stay.
	 */
	@Override
	public void close() {
		this.channel.close().syncUninterruptibly();
	}

}
