package io.github.bootcluster.worker.netty;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Finishes the connections of a worker that is to end. Those that can move to another
 * worker do so at once. The others are told to end one by one, over a
 * {@linkplain DrainWindow window} of time.
 */
final class ConnectionDrainer {

	private static final Log logger = LogFactory.getLog(ConnectionDrainer.class);

	private static final Duration TICK = Duration.ofMillis(50);

	/**
	 * How long streams that are ended when the time is up may take to end in order.
	 */
	private static final Duration FINISHING = Duration.ofSeconds(1);

	private final NettyConnections connections;

	private final ConnectionDrain drain;

	private final boolean migrateIdle;

	private final Duration timeout;

	private final DrainWindow window;

	private final Map<EventLoop, DrainRounds> rounds = new HashMap<>();

	private volatile boolean finishing;

	private long start;

	ConnectionDrainer(NettyConnections connections, ConnectionDrain drain, boolean migrateIdle, Duration timeout) {
		this.connections = connections;
		this.drain = drain;
		this.migrateIdle = migrateIdle;
		this.timeout = timeout;
		this.window = DrainWindow.of(timeout);
	}

	/**
	 * Finishes all connections, and returns when that is done or the time is up.
	 */
	void run() throws InterruptedException {
		this.start = System.nanoTime();
		this.connections.stopAccepting(this.migrateIdle);
		int count = this.connections.open();
		int late = 0;
		while (!this.connections.isEmpty() && elapsed() < this.timeout.plus(FINISHING).toNanos()) {
			if (!this.finishing && elapsed() >= this.timeout.toNanos()) {
				late = this.connections.open();
				this.finishing = true;
			}
			long took = beginRounds();
			TimeUnit.NANOSECONDS.sleep(Math.max(TICK.toNanos(), took));
		}
		logger.info("Drained %d connections in %d ms: %d moved to other workers, %d were not done in time"
			.formatted(count, TimeUnit.NANOSECONDS.toMillis(elapsed()), this.connections.moved(), late));
		this.connections.channels().close();
	}

	/**
	 * Begins a round in each event loop that is through with its last one.
	 * @return how many nanoseconds that took
	 */
	private long beginRounds() {
		long began = System.nanoTime();
		Map<DrainRounds, List<Channel>> open = new HashMap<>();
		for (Channel connection : this.connections.channels()) {
			if (connection.isRegistered()) {
				DrainRounds rounds = this.rounds.computeIfAbsent(connection.eventLoop(),
						(loop) -> new DrainRounds(loop, this::step));
				if (!rounds.isOn()) {
					open.computeIfAbsent(rounds, (idle) -> new ArrayList<>()).add(connection);
				}
			}
		}
		open.forEach(DrainRounds::begin);
		return System.nanoTime() - began;
	}

	private void step(Channel connection) {
		if (!connection.isActive()) {
			return;
		}
		if (this.finishing) {
			this.drain.finish(connection);
			return;
		}
		if (this.drain.isMovable(connection) && connection instanceof HandoffChannel handoff
				&& handoff.parent() instanceof HandoffServerChannel server && server.giveBack(handoff)) {
			return;
		}
		this.drain.drain(connection, elapsed() >= this.window.dueAfter(connection.id().hashCode()));
	}

	private long elapsed() {
		return System.nanoTime() - this.start;
	}

}
