package io.github.bootcluster.master.listen;

import java.util.concurrent.atomic.LongAdder;

import io.github.bootcluster.ClusterFigures;

/**
 * Counts connections. The listeners' event loop writes, any thread may read.
 */
final class ConnectionCounts {

	private final LongAdder accepted = new LongAdder();

	private final LongAdder handedOver = new LongAdder();

	private final LongAdder redistributed = new LongAdder();

	private final LongAdder moved = new LongAdder();

	private volatile int waiting;

	void accepted() {
		this.accepted.increment();
	}

	void handedOver(int count) {
		this.handedOver.add(count);
	}

	void redistributed(int count) {
		this.redistributed.add(count);
	}

	void moved(int count) {
		this.moved.add(count);
	}

	void waiting(int waiting) {
		this.waiting = waiting;
	}

	ClusterFigures.Connections figures() {
		return new ClusterFigures.Connections(this.accepted.sum(), this.handedOver.sum(), this.redistributed.sum(),
				this.moved.sum(), this.waiting);
	}

}
