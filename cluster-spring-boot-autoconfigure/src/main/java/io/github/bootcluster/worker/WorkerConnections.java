package io.github.bootcluster.worker;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;

/**
 * The server channels of this worker and the connections that they have accepted,
 * whatever web server serves them.
 */
public final class WorkerConnections {

	private final Queue<Channel> servers = new ConcurrentLinkedQueue<>();

	private final ChannelGroup connections = new DefaultChannelGroup("cluster", GlobalEventExecutor.INSTANCE);

	private final ServingLoops loops = new ServingLoops();

	/**
	 * Takes note of a server channel and of what it accepts from now on.
	 * @param server a channel that is not yet bound
	 */
	void add(Channel server) {
		this.servers.add(server);
		server.closeFuture().addListener((future) -> this.servers.remove(server));
		server.pipeline().addFirst(new ChannelInboundHandlerAdapter() {

			@Override
			public void channelRead(ChannelHandlerContext context, Object accepted) {
				WorkerConnections.this.connections.add((Channel) accepted);
				context.fireChannelRead(accepted);
				WorkerConnections.this.loops.add((Channel) accepted);
			}

			@Override
			public void channelRegistered(ChannelHandlerContext context) {
				WorkerConnections.this.loops.add(server);
				context.fireChannelRegistered();
			}

		});
	}

	/**
	 * Lets no further connection come, and waits until that is so.
	 */
	void stopAccepting() {
		for (Channel server : this.servers) {
			Future<?> stopped = (server instanceof HandoffServerChannel handoff) ? handoff.stopReceiving()
					: server.close();
			stopped.awaitUninterruptibly();
		}
	}

	/**
	 * Returns how many idle connections were given back for another worker.
	 * @return the number
	 */
	long moved() {
		return 0;
	}

	ServingLoops loops() {
		return this.loops;
	}

	ChannelGroup open() {
		return this.connections;
	}

}
