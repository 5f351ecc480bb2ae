package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import io.github.bootcluster.sample.LoadReport.ConnectionEnd;
import org.jspecify.annotations.Nullable;

/**
 * Sends requests from a few threads until told to stop, repeats none, and accounts for
 * every one.
 */
final class LoadClient implements AutoCloseable {

	private static final Duration LONGEST_RUN = Duration.ofMinutes(10);

	private static final long PAUSE_AFTER_FAILURE = TimeUnit.MILLISECONDS.toNanos(5);

	private static final int TOLD_FAILURES = 50;

	private final Builder settings;

	private final List<Thread> threads = new ArrayList<>();

	private final long startedAt = System.nanoTime();

	private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);

	private final Map<ConnectionEnd, Long> connectionEnds = new EnumMap<>(ConnectionEnd.class);

	private final Map<Long, Long> answers = new TreeMap<>();

	private final List<String> failures = new ArrayList<>();

	private long begun;

	private long ended;

	private long connections;

	private long slowest;

	private boolean stopping;

	private LoadClient(Builder settings) {
		this.settings = settings;
	}

	/**
	 * Begins the description of a client whose every request comes on its own connection.
	 * @param port the port on the loopback address
	 * @return the description
	 */
	static Builder newConnections(int port) {
		return new Builder(port, false);
	}

	/**
	 * Begins the description of a client whose threads keep their connections until the
	 * server says {@code Connection: close} or one fails.
	 * @param port the port on the loopback address
	 * @return the description
	 */
	static Builder keepAlive(int port) {
		return new Builder(port, true);
	}

	private void run() {
		HttpConnection connection = null;
		while (begin()) {
			connection = attempt(connection);
			LockSupport.parkNanos(this.settings.pause.toNanos());
		}
		if (connection != null) {
			connection.close();
			ended(ConnectionEnd.CLOSED_BY_CLIENT);
		}
	}

	private @Nullable HttpConnection attempt(@Nullable HttpConnection reusable) {
		HttpConnection connection = reusable;
		boolean tried = false;
		try {
			long start = System.nanoTime();
			if (connection == null) {
				tried = true;
				connection = HttpConnection.open(this.settings.port, this.settings.timeout);
			}
			HttpAnswer answer = this.settings.keepAlive ? connection.get(this.settings.path)
					: connection.get(this.settings.path, "Connection: close");
			boolean good = answer.status() / 100 == 2;
			ended(tried, good ? Outcome.OK : Outcome.BAD_STATUS, answer, System.nanoTime() - start,
					good ? null : "status " + answer.status());
			if (this.settings.keepAlive && !answer.announcesClose()) {
				return connection;
			}
			connection.close();
			ended(this.settings.keepAlive ? ConnectionEnd.CLOSE_ANNOUNCED : ConnectionEnd.CLOSED_BY_CLIENT);
			return null;
		}
		catch (ExchangeFailedException ex) {
			failed(connection, tried, ex.outcome(), ex);
		}
		catch (RuntimeException ex) {
			failed(connection, tried, Outcome.CLIENT_ERROR, ex);
		}
		return null;
	}

	private void failed(@Nullable HttpConnection connection, boolean tried, Outcome outcome, Exception ex) {
		if (connection != null) {
			connection.close();
		}
		ended(tried, outcome, null, 0, String.valueOf(ex.getMessage()));
		ended((connection != null) ? ConnectionEnd.FAILED : ConnectionEnd.NOT_OPENED);
		LockSupport.parkNanos(PAUSE_AFTER_FAILURE);
	}

	private synchronized boolean begin() {
		if (this.stopping || this.begun >= this.settings.limit
				|| System.nanoTime() - this.startedAt > LONGEST_RUN.toNanos()) {
			return false;
		}
		this.begun++;
		return true;
	}

	private synchronized void ended(boolean tried, Outcome outcome, @Nullable HttpAnswer answer, long nanos,
			@Nullable String failure) {
		this.ended++;
		if (tried) {
			this.connections++;
		}
		this.outcomes.merge(outcome, 1L, Long::sum);
		this.slowest = Math.max(this.slowest, nanos);
		if (answer != null) {
			answer.pid().ifPresent((pid) -> this.answers.merge(pid, 1L, Long::sum));
		}
		if (failure != null && this.failures.size() < TOLD_FAILURES) {
			long at = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - this.startedAt);
			this.failures.add("after " + at + " ms: " + failure);
		}
		notifyAll();
	}

	private synchronized void ended(ConnectionEnd end) {
		this.connectionEnds.merge(end, 1L, Long::sum);
	}

	/**
	 * Returns the number of attempts that have ended so far.
	 * @return the attempts, whatever their outcome
	 */
	synchronized long completed() {
		return this.ended;
	}

	/**
	 * Waits until so many more attempts have ended.
	 * @param count the number of attempts
	 * @throws InterruptedException if the thread is interrupted
	 */
	synchronized void awaitMore(long count) throws InterruptedException {
		long wanted = this.ended + count;
		long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
		while (this.ended < wanted && this.ended < this.settings.limit) {
			long remaining = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
			if (remaining <= 0) {
				throw new AssertionError((wanted - this.ended) + " attempts are missing: " + this.outcomes);
			}
			wait(remaining);
		}
	}

	/**
	 * Stops after the attempts in flight, whose outcomes count too.
	 * @return what became of all attempts
	 * @throws InterruptedException if the thread is interrupted
	 */
	LoadReport stop() throws InterruptedException {
		synchronized (this) {
			this.stopping = true;
		}
		return awaitEnd();
	}

	/**
	 * Waits until the limit of attempts is reached.
	 * @return what became of all attempts
	 * @throws InterruptedException if the thread is interrupted
	 */
	LoadReport awaitEnd() throws InterruptedException {
		for (Thread thread : this.threads) {
			thread.join();
		}
		synchronized (this) {
			return new LoadReport(this.outcomes, this.begun, this.connectionEnds, this.connections, this.answers,
					Duration.ofNanos(this.slowest), this.failures);
		}
	}

	@Override
	public void close() throws InterruptedException {
		stop();
	}

	/**
	 * Describes a client.
	 */
	static final class Builder {

		private final int port;

		private final boolean keepAlive;

		private int threads = 4;

		private String path = "/";

		private Duration timeout = Duration.ofSeconds(10);

		private Duration pause = Duration.ofMillis(1);

		private long limit = 1_000_000;

		private Builder(int port, boolean keepAlive) {
			this.port = port;
			this.keepAlive = keepAlive;
		}

		Builder threads(int threads) {
			this.threads = threads;
			return this;
		}

		Builder path(String path) {
			this.path = path;
			return this;
		}

		/**
		 * Sets how long a connection may take to be established, and an answer to come
		 * whole.
		 * @param timeout the longest time of each
		 * @return this description
		 */
		Builder timeout(Duration timeout) {
			this.timeout = timeout;
			return this;
		}

		/**
		 * Sets how long each thread rests between two attempts. Without a rest the client
		 * starves the workers that are starting beside it.
		 * @param pause the rest, which may be zero
		 * @return this description
		 */
		Builder pause(Duration pause) {
			this.pause = pause;
			return this;
		}

		Builder limit(long limit) {
			this.limit = limit;
			return this;
		}

		LoadClient start() {
			LoadClient client = new LoadClient(this);
			for (int i = 0; i < this.threads; i++) {
				Thread thread = new Thread(client::run, "load-" + i);
				thread.setDaemon(true);
				client.threads.add(thread);
			}
			client.threads.forEach(Thread::start);
			return client;
		}

	}

}
