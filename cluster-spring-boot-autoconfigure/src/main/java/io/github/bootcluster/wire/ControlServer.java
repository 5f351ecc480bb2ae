package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.file.Path;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
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
	 * @param directory the folder of the sockets
	 * @param transport the transport
	 * @param loop the event loop that serves all connections
	 * @param listener hears what comes
	 * @return the server
	 * @throws IOException if the socket cannot be bound
	 */
	public static ControlServer open(SocketDirectory directory, Transport transport, EventLoopGroup loop,
			ControlListener listener) throws IOException {
		ServerBootstrap bootstrap = new ServerBootstrap().group(loop)
			.channel(transport.serverChannelType())
			.childHandler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel child) {
					greet(child, directory.control(), listener);
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

	private static void greet(Channel child, Path socket, ControlListener listener) {
		try {
			ControlConnection connection = new ControlConnection(child, Peer.of(child, socket).pid());
			FrameCodec.install(child.pipeline());
			child.pipeline().addLast(new ControlHandler(connection, listener));
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
