package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * {@link EventThread} with a real thread and the system's clocks.
 */
public final class DefaultEventThread implements EventThread {

	private static final Log logger = LogFactory.getLog(DefaultEventThread.class);

	private final long start = System.nanoTime();

	private final ScheduledThreadPoolExecutor executor;

	public DefaultEventThread(String name) {
		this.executor = new ScheduledThreadPoolExecutor(1, (task) -> {
			Thread thread = new Thread(task, name);
			thread.setDaemon(true);
			return thread;
		}, new ThreadPoolExecutor.DiscardPolicy());
		this.executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
		this.executor.setRemoveOnCancelPolicy(true);
	}

	@Override
	public long nanoTime() {
		return System.nanoTime() - this.start;
	}

	@Override
	public Instant now() {
		return Instant.now();
	}

	@Override
	public void execute(Runnable task) {
		this.executor.execute(guarded(task));
	}

	@Override
	public Future<?> schedule(Runnable task, Duration delay) {
		return this.executor.schedule(guarded(task), delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	/**
	 * Sees to it that what a task throws is logged: the executor would swallow it.
	 * @param task the task
	 * @return the same task, guarded
	 */
	private static Runnable guarded(Runnable task) {
		return () -> {
			try {
				task.run();
			}
			catch (RuntimeException | Error ex) {
				logger.error("The supervision failed at one step and goes on with the next", ex);
			}
		};
	}

	@Override
	public void close() {
		this.executor.shutdown();
	}

}
