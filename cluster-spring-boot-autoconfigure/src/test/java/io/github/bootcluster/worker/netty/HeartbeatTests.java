package io.github.bootcluster.worker.netty;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.local.LocalServerChannel;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on what a heartbeat answers for.
 */
@Timeout(60)
class HeartbeatTests {

	private final AtomicInteger threads = new AtomicInteger();

	private final MultiThreadIoEventLoopGroup group = new MultiThreadIoEventLoopGroup(3, (task) -> {
		this.threads.incrementAndGet();
		return new Thread(task);
	}, LocalIoHandler.newFactory());

	private final ServingLoops loops = new ServingLoops();

	private final CountDownLatch release = new CountDownLatch(1);

	@AfterEach
	void close() {
		this.release.countDown();
		this.group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
	}

	@Test
	void nobodyIsWaitedForWhereNothingServes() throws Exception {
		this.loops.awaitAll();
	}

	@Test
	void blockedLoopIsWaitedFor() throws Exception {
		EventLoop first = serve();
		serve();
		block(first);
		assertWaits(this.loops);
	}

	@Test
	void blockedLoopIsKnownAlthoughItHasNotYetServedItsFirstConnection() throws Exception {
		EventLoop loop = this.group.next();
		block(loop);
		LocalChannel connection = new LocalChannel();
		loop.register(connection);
		this.loops.add(connection);
		assertWaits(this.loops);
	}

	@Test
	void loopThatServesNobodyGetsNoThread() throws Exception {
		serve();
		this.loops.awaitAll();
		assertThat(this.threads).hasValue(1);
	}

	@Test
	void loopThatShutsDownIsNotWaitedFor() throws Exception {
		serve();
		this.group.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
		this.loops.awaitAll();
	}

	@Test
	void channelWithoutALoopIsLetBe() throws Exception {
		this.loops.add(new LocalChannel());
		this.loops.awaitAll();
	}

	@Test
	void serverAndTheConnectionsThatItAcceptsAreKnown() throws Exception {
		NettyConnections connections = new NettyConnections(0, new TransportDrain());
		LocalServerChannel server = new LocalServerChannel();
		connections.add(server);
		EventLoop loop = this.group.next();
		loop.register(server).sync();
		server.bind(new LocalAddress(HeartbeatTests.class)).sync();
		block(loop);
		assertWaits(connections.loops());
	}

	private void assertWaits(ServingLoops waiting) throws InterruptedException {
		Thread heart = new Thread(() -> {
			try {
				waiting.awaitAll();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		heart.start();
		heart.join(100);
		assertThat(heart.isAlive()).isTrue();
		this.release.countDown();
		heart.join();
	}

	private EventLoop serve() {
		EventLoop loop = this.group.next();
		LocalChannel channel = new LocalChannel();
		loop.register(channel).syncUninterruptibly();
		this.loops.add(channel);
		return loop;
	}

	private void block(EventLoop loop) {
		loop.execute(() -> {
			try {
				this.release.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
	}

}
