package io.github.bootcluster.wire;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link Greetings}.
 */
class GreetingsTests {

	private final EventLoop loop = new DefaultEventLoop();

	@AfterEach
	void close() {
		this.loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).syncUninterruptibly();
	}

	@Test
	void connectionThatSaysNothingInTimeIsClosed() throws Exception {
		Greetings greetings = new Greetings(this.loop, "test socket", Duration.ofMillis(20));
		CountDownLatch closed = new CountDownLatch(1);
		this.loop.submit(() -> greetings.await("pid 1", closed::countDown)).sync();
		assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(this.loop.submit(greetings::size).sync().getNow()).isZero();
	}

	@Test
	void connectionThatHasGreetedStays() throws Exception {
		Greetings greetings = new Greetings(this.loop, "test socket", Duration.ofMillis(20));
		AtomicInteger closed = new AtomicInteger();
		CountDownLatch later = new CountDownLatch(1);
		this.loop.submit(() -> {
			greetings.await("pid 1", closed::incrementAndGet).end();
			greetings.await("pid 2", later::countDown);
		}).sync();
		assertThat(later.await(20, TimeUnit.SECONDS)).isTrue();
		assertThat(closed).hasValue(0);
	}

	@Test
	void oldestOfTooManyIsClosed() throws Exception {
		Greetings greetings = new Greetings(this.loop, "test socket");
		AtomicInteger oldest = new AtomicInteger();
		AtomicInteger others = new AtomicInteger();
		this.loop.submit(() -> {
			greetings.await("pid 1", oldest::incrementAndGet);
			for (int i = 0; i < Greetings.MAX_PENDING; i++) {
				greetings.await("pid 2", others::incrementAndGet);
			}
		}).sync();
		assertThat(oldest).hasValue(1);
		assertThat(others).hasValue(0);
		assertThat(this.loop.submit(greetings::size).sync().getNow()).isEqualTo(Greetings.MAX_PENDING);
	}

}
