package io.github.bootcluster.worker.netty;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

import io.github.bootcluster.worker.WorkerConnections;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;

/**
 * {@link WorkerConnections} of servers that run on Netty: their server channels, and what
 * these have accepted.
 */
public final class NettyConnections implements WorkerConnections {

	private final Queue<Channel> servers = new ConcurrentLinkedQueue<>();

	private final ChannelGroup connections = new DefaultChannelGroup("cluster", GlobalEventExecutor.INSTANCE);

	private final ServingLoops loops = new ServingLoops();

	private final int max;

	private final ConnectionDrain drain;

	private boolean full;

	/**
	 * Creates an empty set of connections.
	 * @param max the number of connections at which the worker stops accepting, 0 for no
	 * limit
	 */
	public NettyConnections(int max, ConnectionDrain drain) {
		this.max = max;
		this.drain = drain;
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
				NettyConnections.this.connections.add((Channel) accepted);
				limit((Channel) accepted);
				context.fireChannelRead(accepted);
				NettyConnections.this.loops.add((Channel) accepted);
			}

			@Override
			public void channelRegistered(ChannelHandlerContext context) {
				NettyConnections.this.loops.add(server);
				context.fireChannelRegistered();
			}

		});
	}

	private void limit(Channel accepted) {
		if (this.max > 0) {
			limit();
			// The group has heard of the end before
			accepted.closeFuture().addListener((future) -> limit());
		}
	}

	private synchronized void limit() {
		boolean now = this.connections.size() >= this.max;
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
	 */
	void stopAccepting(boolean giveBack) {
		for (Channel server : this.servers) {
			Future<?> stopped = (server instanceof HandoffServerChannel handoff) ? handoff.stopReceiving(giveBack)
					: server.close();
			stopped.awaitUninterruptibly();
		}
	}

	@Override
	public void drain(boolean migrateIdle, Duration timeout) throws InterruptedException {
		new ConnectionDrainer(this, this.drain, migrateIdle, timeout).run();
	}

	@Override
	public void awaitLoops() throws InterruptedException {
		this.loops.awaitAll();
	}

	@Override
	public Socket connect(int port) throws IOException {
		HandoffServerChannel server = this.servers.stream()
			.filter((channel) -> channel.localAddress() instanceof InetSocketAddress address
					&& address.getPort() == port)
			.filter(HandoffServerChannel.class::isInstance)
			.map(HandoffServerChannel.class::cast)
			.findFirst()
			.orElseThrow(() -> new IOException("no TCP server of this worker gets its connections from the master"));
		return OwnConnection.open(server);
	}

	@Override
	public long moved() {
		return returns().mapToLong(ConnectionReturn::moved).sum();
	}

	/**
	 * Tells whether no connection is left, neither open nor on its way to the master.
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

	@Override
	public int open() {
		return this.connections.size();
	}

	ChannelGroup channels() {
		return this.connections;
	}

}
