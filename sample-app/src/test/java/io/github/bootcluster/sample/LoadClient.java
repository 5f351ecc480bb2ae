package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;

import javax.net.ssl.SSLContext;

import org.jspecify.annotations.Nullable;

/**
 * Sends requests from a few threads until told to stop, repeats none, and accounts for
 * every one.
 */
final class LoadClient implements AutoCloseable {

	private static final Duration LONGEST_RUN = Duration.ofMinutes(10);

	private static final Duration LONGEST_WAIT = Duration.ofMinutes(2);

	private static final long PAUSE_AFTER_FAILURE = TimeUnit.MILLISECONDS.toNanos(5);

	private final Builder settings;

	private final LoadAccount account = new LoadAccount();

	private final List<Thread> threads = new ArrayList<>();

	private final long startedAt = System.nanoTime();

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
		return new Builder(port, (settings) -> new Http1User(settings, false));
	}

	/**
	 * Begins the description of a client whose threads keep their connections until the
	 * server says {@code Connection: close} or one fails.
	 * @param port the port on the loopback address
	 * @return the description
	 */
	static Builder keepAlive(int port) {
		return new Builder(port, (settings) -> new Http1User(settings, true));
	}

	/**
	 * Begins the description of a client that speaks HTTP/2. Its threads share one
	 * connection, until the server sends a GOAWAY or it fails.
	 * @param port the port on the loopback address
	 * @return the description
	 */
	static Builder http2(int port) {
		Http2Line line = new Http2Line();
		return new Builder(port, (settings) -> new Http2User(settings, line));
	}

	/**
	 * Begins the description of a client whose threads have each one WebSocket, on which
	 * every message is to be echoed.
	 * @param port the port on the loopback address
	 * @return the description
	 */
	static Builder webSocket(int port) {
		return new Builder(port, WebSocketUser::new).path("/echo");
	}

	private void run(LoadUser user) {
		while (begin()) {
			if (!user.attempt(this.account)) {
				LockSupport.parkNanos(PAUSE_AFTER_FAILURE);
			}
			LockSupport.parkNanos(this.settings.pause.toNanos());
		}
		user.leave(this.account);
	}

	private synchronized boolean begin() {
		if (this.stopping || this.account.begun() >= this.settings.limit
				|| System.nanoTime() - this.startedAt > LONGEST_RUN.toNanos()) {
			return false;
		}
		this.account.attemptBegins();
		return true;
	}

	/**
	 * Returns the number of attempts that have ended so far.
	 * @return the attempts, whatever their outcome
	 */
	long completed() {
		return this.account.ended();
	}

	/**
	 * Waits until so many more attempts have ended.
	 * @param count the number of attempts
	 * @throws InterruptedException if the thread is interrupted
	 */
	void awaitMore(long count) throws InterruptedException {
		this.account.awaitEnded(Math.min(completed() + count, this.settings.limit), LONGEST_WAIT);
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
		return this.account.report();
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

		private final Function<Builder, LoadUser> users;

		private int threads = 4;

		private String path = "/";

		private Predicate<String> whole = (answer) -> true;

		private @Nullable SSLContext ssl;

		private Duration timeout = Duration.ofSeconds(10);

		private Duration pause = Duration.ofMillis(1);

		private long limit = 1_000_000;

		private Builder(int port, Function<Builder, LoadUser> users) {
			this.port = port;
			this.users = users;
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
		 * Sets what else an answer has to be than complete by the rules of its protocol.
		 * @param whole tells whether a body is whole
		 * @return this description
		 */
		Builder whole(Predicate<String> whole) {
			this.whole = whole;
			return this;
		}

		/**
		 * Speaks TLS.
		 * @param ssl the context that trusts the server
		 * @return this description
		 */
		Builder trusting(SSLContext ssl) {
			this.ssl = ssl;
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

		int port() {
			return this.port;
		}

		String path() {
			return this.path;
		}

		boolean isWhole(String answer) {
			return this.whole.test(answer);
		}

		@Nullable SSLContext ssl() {
			return this.ssl;
		}

		Duration timeout() {
			return this.timeout;
		}

		LoadClient start() {
			LoadClient client = new LoadClient(this);
			for (int i = 0; i < this.threads; i++) {
				LoadUser user = this.users.apply(this);
				Thread thread = new Thread(() -> client.run(user), "load-" + i);
				thread.setDaemon(true);
				client.threads.add(thread);
			}
			client.threads.forEach(Thread::start);
			return client;
		}

	}

}
