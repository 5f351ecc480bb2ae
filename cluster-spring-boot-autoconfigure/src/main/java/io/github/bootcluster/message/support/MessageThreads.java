package io.github.bootcluster.message.support;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads that run code of the application for messages, so that it never runs on the
 * loop that hears the master, or the workers. Listeners and stages have threads of their
 * own: a listener may wait for a stage.
 *
 * @param listeners runs listeners
 * @param stages completes stages
 */
public record MessageThreads(Executor listeners, Executor stages) {

	private static final int LISTENERS = 8;

	private static final int STAGES = 4;

	private static final long IDLE_SECONDS = 30;

	/**
	 * Creates threads, which are daemons and start and end as they are needed.
	 */
	public static MessageThreads create() {
		return new MessageThreads(pool("cluster-messages-", LISTENERS), pool("cluster-replies-", STAGES));
	}

	private static Executor pool(String prefix, int size) {
		AtomicInteger last = new AtomicInteger();
		ClassLoader classLoader = Thread.currentThread().getContextClassLoader();
		ThreadPoolExecutor pool = new ThreadPoolExecutor(size, size, IDLE_SECONDS, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), (task) -> {
					Thread thread = new Thread(task, prefix + last.incrementAndGet());
					thread.setDaemon(true);
					thread.setContextClassLoader(classLoader);
					return thread;
				});
		pool.allowCoreThreadTimeOut(true);
		return pool;
	}

}
