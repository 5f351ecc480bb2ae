package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import static org.assertj.core.api.Assertions.assertThat;

@Timeout(60)
class DefaultEventThreadTests {

	private final DefaultEventThread thread = new DefaultEventThread("test-supervisor");

	private final BlockingQueue<String> done = new LinkedBlockingQueue<>();

	@AfterEach
	void close() {
		this.thread.close();
	}

	@Test
	void tasksRunInTheirOrderOnOneThread() throws Exception {
		for (int i = 0; i < 100; i++) {
			String name = String.valueOf(i);
			this.thread.execute(() -> this.done.add(name + Thread.currentThread().getName()));
		}
		for (int i = 0; i < 100; i++) {
			assertThat(await()).isEqualTo(i + "test-supervisor");
		}
	}

	@Test
	void taskThatThrowsDoesNotStopTheNext() throws Exception {
		this.thread.execute(() -> {
			throw new IllegalStateException("test");
		});
		this.thread.execute(() -> {
			throw new AssertionError("test");
		});
		this.thread.execute(() -> this.done.add("next"));
		assertThat(await()).isEqualTo("next");
	}

	@Test
	void laterTasksRunLaterUnlessTheyAreCancelled() throws Exception {
		CountDownLatch busy = new CountDownLatch(1);
		this.thread.execute(() -> {
			try {
				busy.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		Future<?> cancelled = this.thread.schedule(() -> this.done.add("cancelled"), Duration.ofNanos(1));
		this.thread.schedule(() -> this.done.add("later"), Duration.ofNanos(2));
		cancelled.cancel(false);
		busy.countDown();
		assertThat(await()).isEqualTo("later");
		assertThat(this.done).isEmpty();
	}

	@Test
	void timeOnlyGrows() {
		long before = this.thread.nanoTime();
		assertThat(before).isNotNegative();
		assertThat(this.thread.nanoTime()).isGreaterThanOrEqualTo(before);
	}

	@Test
	void tasksAfterTheEndAreIgnored() {
		this.thread.close();
		this.thread.execute(() -> this.done.add("late"));
		this.thread.schedule(() -> this.done.add("late"), Duration.ZERO);
		assertThat(this.done).isEmpty();
	}

	private String await() throws InterruptedException {
		String next = this.done.poll(20, TimeUnit.SECONDS);
		assertThat(next).isNotNull();
		return next;
	}

}
