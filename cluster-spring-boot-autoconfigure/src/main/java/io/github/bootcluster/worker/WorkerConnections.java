package io.github.bootcluster.worker;

import java.io.IOException;
import java.net.Socket;
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
	 * Connects this process to one of its own servers, past the master.
	 * @param port the port of the server
	 * @return the connection, to be closed by the caller
	 * @throws IOException if that server cannot be reached in this way
	 */
	Socket connect(int port) throws IOException;

	/**
	 * Stops accepting, finishes all connections, and returns when that is done or the
	 * time is up.
	 * @throws InterruptedException if this thread is interrupted
	 */
	void drain(boolean migrateIdle, Duration timeout) throws InterruptedException;

}
