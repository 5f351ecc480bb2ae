package io.github.bootcluster.worker.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on what a drain costs the event loop that goes on serving meanwhile.
 */
@Timeout(60)
class ConnectionDrainerTests {

	private static final int CONNECTIONS = 1000;

	private final CountingLoop loop = new CountingLoop(new DefaultThreadFactory("test-drained", true));

	private final DefaultEventLoop clientLoop = new DefaultEventLoop();

	private final NettyConnections connections = new NettyConnections(0, new TransportDrain());

	private final List<Channel> others = new ArrayList<>();

	@BeforeEach
	void connect() throws Exception {
		LocalAddress address = new LocalAddress("connection-drainer");
		this.others.add(new ServerBootstrap().group(this.clientLoop, this.loop)
			.channel(LocalServerChannel.class)
			.childHandler(new Accepted(this.connections))
			.bind(address)
			.sync()
			.channel());
		for (int i = 0; i < CONNECTIONS; i++) {
			this.others.add(new Bootstrap().group(this.clientLoop)
				.channel(LocalChannel.class)
				.handler(new ChannelInboundHandlerAdapter())
				.connect(address)
				.sync()
				.channel());
		}
		// Each has been registered once its loop has done all before this
		this.loop.submit(() -> {
		}).sync();
		assertThat(this.connections.open()).isEqualTo(CONNECTIONS);
	}

	@AfterEach
	void close() {
		this.others.forEach((channel) -> channel.close().syncUninterruptibly());
		this.loop.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
		this.clientLoop.shutdownGracefully(0, 20, TimeUnit.SECONDS).syncUninterruptibly();
	}

	@Test
	void busyEventLoopHasOneTaskHoweverLongItIsBusy() throws Exception {
		CountDownLatch busy = new CountDownLatch(1);
		this.loop.execute(() -> awaitUninterruptibly(busy));
		try {
			new ConnectionDrainer(this.connections, (connection, due) -> {
			}, false, Duration.ofMillis(500)).run();
			assertThat(this.loop.rounds.get()).isOne();
		}
		finally {
			busy.countDown();
		}
	}

	@Test
	void taskGoesOverManyConnectionsAndReachesAll() throws Exception {
		AtomicInteger steps = new AtomicInteger();
		Set<Channel> seen = ConcurrentHashMap.newKeySet();
		Set<Channel> ended = ConcurrentHashMap.newKeySet();
		new ConnectionDrainer(this.connections, new ConnectionDrain() {

			@Override
			public void drain(Channel connection, boolean due) {
				steps.incrementAndGet();
				seen.add(connection);
			}

			@Override
			public void finish(Channel connection) {
				ended.add(connection);
				connection.close();
			}

		}, false, Duration.ofSeconds(1)).run();
		assertThat(seen).hasSize(CONNECTIONS);
		assertThat(ended).hasSize(CONNECTIONS);
		assertThat(this.loop.rounds.get()).isLessThanOrEqualTo(8 + steps.get() * 4 / CONNECTIONS);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		boolean done = false;
		while (!done) {
			try {
				latch.await();
				done = true;
			}
			catch (InterruptedException ex) {
				// Goes on being busy
			}
		}
	}

	/**
	 * Puts what is accepted among the connections.
	 */
	private static final class Accepted extends ChannelInboundHandlerAdapter {

		private final NettyConnections connections;

		Accepted(NettyConnections connections) {
			this.connections = connections;
		}

		@Override
		public boolean isSharable() {
			return true;
		}

		@Override
		public void handlerAdded(ChannelHandlerContext context) {
			this.connections.channels().add(context.channel());
		}

	}

	/**
	 * Counts what a drain asks of it.
	 */
	private static final class CountingLoop extends DefaultEventLoop {

		private final AtomicInteger rounds = new AtomicInteger();

		CountingLoop(ThreadFactory threads) {
			super(threads);
		}

		@Override
		public void execute(Runnable task) {
			if (task instanceof DrainRounds) {
				this.rounds.incrementAndGet();
			}
			super.execute(task);
		}

	}

}
