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

	private final int most;

	private boolean full;

	/**
	 * Creates connections of which there may be any number.
	 */
	public WorkerConnections() {
		this(0);
	}

	/**
	 * Creates connections of which there may be so many.
	 * @param most with how many the worker accepts no further one itself, 0 for any
	 * number
	 */
	public WorkerConnections(int most) {
		this.most = most;
	}

	/**
	 * Takes note of a server channel and of what it accepts from now on.
	 * @param server a channel that is not yet bound
	 */
	void add(Channel server) {
		synchronized (this) {
			this.servers.add(server);
			tell(server, this.full);
		}
		server.closeFuture().addListener((future) -> this.servers.remove(server));
		server.pipeline().addFirst(new ChannelInboundHandlerAdapter() {

			@Override
			public void channelRead(ChannelHandlerContext context, Object accepted) {
				WorkerConnections.this.connections.add((Channel) accepted);
				limit((Channel) accepted);
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

	private void limit(Channel accepted) {
		if (this.most > 0) {
			limit();
			// The group has heard of the end before
			accepted.closeFuture().addListener((future) -> limit());
		}
	}

	private synchronized void limit() {
		boolean now = this.connections.size() >= this.most;
		if (this.full != now) {
			this.full = now;
			this.servers.forEach((server) -> tell(server, now));
		}
	}

	private static void tell(Channel server, boolean full) {
		if (server instanceof HandoffServerChannel handoff) {
			handoff.setFull(full);
		}
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
