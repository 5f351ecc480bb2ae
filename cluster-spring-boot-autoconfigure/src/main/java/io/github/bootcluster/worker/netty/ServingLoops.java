package io.github.bootcluster.worker.netty;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;

/**
 * The event loops that serve this worker: those of its server channels, and those that a
 * connection was ever given to. A loop that has not served yet has no thread, and is not
 * made to start one.
 */
final class ServingLoops {

	private static final Duration POLL = Duration.ofSeconds(1);

	private final Set<EventLoop> loops = ConcurrentHashMap.newKeySet();

	/**
	 * Takes note of the loop of a channel. The loop knows of the channel as soon as it is
	 * registered, even if the loop is too busy to say so.
	 */
	void add(Channel channel) {
		try {
			this.loops.add(channel.eventLoop());
		}
		catch (IllegalStateException ex) {
			// It was closed before it had a loop
		}
	}

	/**
	 * Waits, for as long as it takes, until each loop has run a task. A loop that shuts
	 * down is not waited for.
	 */
	void awaitAll() throws InterruptedException {
		this.loops.removeIf(EventLoop::isShuttingDown);
		Set<EventLoop> asked = Set.copyOf(this.loops);
		CountDownLatch silent = new CountDownLatch(asked.size());
		Set<EventLoop> waiting = ConcurrentHashMap.newKeySet();
		waiting.addAll(asked);
		for (EventLoop loop : asked) {
			Runnable answer = () -> {
				if (waiting.remove(loop)) {
					silent.countDown();
				}
			};
			try {
				loop.execute(answer);
			}
			catch (RejectedExecutionException ex) {
				answer.run();
			}
		}
		while (!silent.await(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
			for (EventLoop loop : waiting) {
				if (loop.isShuttingDown() && waiting.remove(loop)) {
					silent.countDown();
				}
			}
		}
	}

}
