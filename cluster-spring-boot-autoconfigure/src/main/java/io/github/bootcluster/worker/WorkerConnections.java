package io.github.bootcluster.worker;

import java.time.Duration;

/**
 * The connections that this worker serves. Each kind of web server brings an
 * implementation; the rest of a worker knows none of them.
 */
public interface WorkerConnections {

	/**
	 * Returns how many connections are open.
	 */
	int open();

	/**
	 * Returns how many connections the master has taken back.
	 */
	long moved();

	/**
	 * Waits, for as long as it takes, until every thread that serves connections has
	 * answered.
	 * @throws InterruptedException if this thread is interrupted
	 */
	void awaitLoops() throws InterruptedException;

	/**
	 * Stops accepting, finishes all connections, and returns when that is done or the
	 * time is up.
	 * @throws InterruptedException if this thread is interrupted
	 */
	void drain(boolean migrateIdle, Duration timeout) throws InterruptedException;

}
