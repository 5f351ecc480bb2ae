package io.github.bootcluster.wire;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import org.jspecify.annotations.Nullable;

/**
 * A worker's way to its master.
 */
public final class ControlClient {

	private ControlClient() {
	}

	/**
	 * Connects to the master.
	 * @throws IOException if nobody listens at the path
	 */
	public static ControlConnection connect(Path path, Transport transport, EventLoopGroup loop,
			ControlListener listener) throws IOException {
		Initializer initializer = new Initializer(listener);
		Bootstrap bootstrap = new Bootstrap().group(loop).channel(transport.channelType()).handler(initializer);
		try {
			bootstrap.connect(transport.address(path)).syncUninterruptibly();
			ControlConnection connection = initializer.connection;
			if (connection == null) {
				throw new IOException("not initialized");
			}
			return connection;
		}
		catch (Exception ex) {
			// Netty reports a path that does not exist without a message
			String reason = (ex instanceof FileNotFoundException) ? "No such file" : ex.getMessage();
			throw new IOException("Cannot connect to '%s': %s".formatted(path, reason), ex);
		}
	}

	private static final class Initializer extends ChannelInitializer<Channel> {

		private final ControlListener listener;

		private volatile @Nullable ControlConnection connection;

		Initializer(ControlListener listener) {
			this.listener = listener;
		}

		@Override
		protected void initChannel(Channel channel) {
			ControlConnection created = new ControlConnection(channel, OptionalLong.empty());
			FrameCodec.install(channel.pipeline());
			channel.pipeline().addLast(new ControlHandler(created, this.listener));
			this.connection = created;
		}

	}

}
