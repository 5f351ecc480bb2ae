package io.github.bootcluster.master.listen;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.wire.DescriptorSender;

/**
 * Connections of one worker over all its listeners, counted by the ways on which it got
 * them.
 */
final class WorkerLoad {

	/**
	 * A worker acknowledges a connection as soon as its event loop gets to it.
	 */
	private static final long MAX_SILENCE = TimeUnit.MILLISECONDS.toNanos(50);

	/**
	 * Without any, a new worker would stay cold.
	 */
	private static final double FIRST_SHARE = 0.1;

	private final ReportedLoad reported = new ReportedLoad();

	private int limit;

	private boolean admitted;

	/**
	 * When its share of connections began to grow, and for how long it does: 0 once it
	 * has all of it.
	 */
	private long rampedAt;

	private long ramp;

	private final List<DescriptorSender> senders = new ArrayList<>();

	/**
	 * Creates a load of nothing yet.
	 * @param limit how many connections the worker may have, 0 for any number
	 */
	WorkerLoad(int limit) {
		this.limit = limit;
	}

	ReportedLoad reported() {
		return this.reported;
	}

	/**
	 * Tells whether a connection would wait for the worker: one has waited for some time,
	 * over whichever listener, or its event loops do not answer in time.
	 */
	boolean isLagging() {
		long now = System.nanoTime();
		for (int i = 0; i < this.senders.size(); i++) {
			if (this.senders.get(i).silence(now) > MAX_SILENCE) {
				return true;
			}
		}
		return this.reported.isLagging(now);
	}

	/**
	 * The worker may get connections. When it does for the first time, its share begins
	 * to grow.
	 */
	void admitted(Duration ramp) {
		if (!this.admitted) {
			this.admitted = true;
			this.ramp = ramp.toNanos();
			this.rampedAt = System.nanoTime();
		}
	}

	/**
	 * Returns the share of a warm worker's connections that the worker should get.
	 */
	double share() {
		if (this.ramp == 0) {
			return 1;
		}
		double share = (double) (System.nanoTime() - this.rampedAt) / this.ramp;
		if (share >= 1) {
			this.ramp = 0;
		}
		return Math.min(Math.max(share, FIRST_SHARE), 1);
	}

	void add(DescriptorSender sender) {
		this.senders.add(sender);
	}

	void remove(DescriptorSender sender) {
		this.senders.remove(sender);
	}

	int connections() {
		int connections = 0;
		for (int i = 0; i < this.senders.size(); i++) {
			connections += this.senders.get(i).connections();
		}
		return connections;
	}

	/**
	 * Tells whether the worker may have one more.
	 */
	boolean hasRoom() {
		return this.limit == 0 || connections() < this.limit;
	}

	/**
	 * Tells whether the worker could not have had one more before some ended.
	 */
	boolean hadNoRoom(int ended) {
		return this.limit != 0 && connections() + ended >= this.limit;
	}

	/**
	 * Lets the worker have any number from now on.
	 */
	void lift() {
		this.limit = 0;
	}

}
