package io.github.bootcluster.worker.netty;

import java.util.Iterator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Rounds over the connections of one event loop, which has one task for them at most,
 * however many they are and however busy it is. Between two turns of a round it serves
 * its connections.
 */
final class DrainRounds implements Runnable {

	/**
	 * How many connections take part in one turn.
	 */
	static final int TURN = 256;

	private static final Log logger = LogFactory.getLog(DrainRounds.class);

	private final EventLoop loop;

	private final Consumer<Channel> step;

	private final AtomicBoolean on = new AtomicBoolean();

	private Iterator<Channel> rest = List.<Channel>of().iterator();

	DrainRounds(EventLoop loop, Consumer<Channel> step) {
		this.loop = loop;
		this.step = step;
	}

	/**
	 * Tells whether a round is on. Any thread may ask.
	 */
	boolean isOn() {
		return this.on.get();
	}

	/**
	 * Begins a round, unless one is on.
	 */
	void begin(List<Channel> connections) {
		if (this.on.compareAndSet(false, true)) {
			this.rest = connections.iterator();
			goOn();
		}
	}

	@Override
	public void run() {
		for (int i = 0; i < TURN && this.rest.hasNext(); i++) {
			take(this.rest.next());
		}
		if (this.rest.hasNext()) {
			goOn();
		}
		else {
			this.on.set(false);
		}
	}

	private void take(Channel connection) {
		try {
			this.step.accept(connection);
		}
		catch (RuntimeException ex) {
			// The others must not have to suffer for it
			logger.warn("Connection %s cannot be drained".formatted(connection), ex);
		}
	}

	private void goOn() {
		try {
			this.loop.execute(this);
		}
		catch (RejectedExecutionException ex) {
			// The loop has ended, and its connections with it
			this.on.set(false);
		}
	}

}
