package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/**
 * Thread that owns the supervisor's state, and the clock that it goes by. Tests turn it
 * by hand.
 */
public interface EventThread extends Executor, AutoCloseable {

	/**
	 * Returns a time that only grows, whatever is done to the system's clock.
	 * @return nanoseconds since some moment before now, never negative
	 */
	long nanoTime();

	/**
	 * Returns the time for people to read.
	 * @return the system's time
	 */
	Instant now();

	/**
	 * Runs a task later, on this thread.
	 * @param task the task
	 * @param delay how much later
	 * @return cancels the task
	 */
	Future<?> schedule(Runnable task, Duration delay);

	/**
	 * Ends the thread; tasks that come afterwards are ignored.
	 */
	@Override
	void close();

}
