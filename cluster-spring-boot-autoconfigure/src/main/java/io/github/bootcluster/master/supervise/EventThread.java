package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;

/**
 * Thread that owns the supervisor's state, and the clock that it goes by. After each task
 * it takes one {@linkplain #turnBy turn}. Tests turn it by hand.
 */
public interface EventThread extends Executor, AutoCloseable {

	/**
	 * Sets what follows each task, whatever the task throws.
	 */
	void turnBy(Runnable turn);

	/**
	 * Runs a task, and takes a turn.
	 */
	@Override
	void execute(Runnable task);

	/**
	 * Runs a task that is not worth a turn, as there are many of its kind.
	 */
	void executeQuietly(Runnable task);

	/**
	 * Takes a turn, after the one that may be under way.
	 */
	default void wake() {
		execute(() -> {
		});
	}

	/**
	 * Returns a time that only grows, whatever is done to the system's clock.
	 * @return nanoseconds since some moment before now, never negative
	 */
	long nanoTime();

	/**
	 * Returns the system's time.
	 */
	Instant now();

	/**
	 * Runs a task later, and takes a turn.
	 */
	Future<?> schedule(Runnable task, Duration delay);

	/**
	 * Ends the thread; tasks that come afterwards are ignored.
	 */
	@Override
	void close();

}
