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

	private volatile Runnable turn = () -> {
	};

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
	public void turnBy(Runnable turn) {
		this.turn = turn;
	}

	@Override
	public void execute(Runnable task) {
		this.executor.execute(() -> runAndTurn(task));
	}

	@Override
	public void executeQuietly(Runnable task) {
		this.executor.execute(() -> run(task));
	}

	@Override
	public Future<?> schedule(Runnable task, Duration delay) {
		return this.executor.schedule(() -> runAndTurn(task), delay.toNanos(), TimeUnit.NANOSECONDS);
	}

	private void runAndTurn(Runnable task) {
		run(task);
		run(this.turn);
	}

	/**
	 * Logs what a task throws: the executor would swallow it.
	 */
	private static void run(Runnable task) {
		try {
			task.run();
		}
		catch (RuntimeException | Error ex) {
			logger.error("Supervision failed in one step and continues with the next", ex);
		}
	}

	@Override
	public void close() {
		this.executor.shutdown();
	}

}
