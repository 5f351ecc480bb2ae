package io.github.bootcluster.worker;

import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

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
	 * @param giveBack whether idle connections shall be given back later
	 */
	void stopAccepting(boolean giveBack) {
		for (Channel server : this.servers) {
			Future<?> stopped = (server instanceof HandoffServerChannel handoff) ? handoff.stopReceiving(giveBack)
					: server.close();
			stopped.awaitUninterruptibly();
		}
	}

	/**
	 * Returns how many connections the master has taken back.
	 * @return the number
	 */
	long moved() {
		return returns().mapToLong(ConnectionReturn::moved).sum();
	}

	/**
	 * Tells whether no connection is left, neither open nor on its way to the master.
	 * @return whether all is done
	 */
	boolean isEmpty() {
		// A connection on its way is not open, and may come back: nothing must have moved
		long announced = announced();
		return announced == returns().mapToLong(ConnectionReturn::settled).sum() && this.connections.isEmpty()
				&& announced == announced();
	}

	private long announced() {
		return returns().mapToLong(ConnectionReturn::announced).sum();
	}

	private Stream<ConnectionReturn> returns() {
		return this.servers.stream()
			.map((server) -> (server instanceof HandoffServerChannel handoff) ? handoff.connectionReturn() : null)
			.filter(Objects::nonNull);
	}

	ServingLoops loops() {
		return this.loops;
	}

	ChannelGroup open() {
		return this.connections;
	}

}
