package io.github.bootcluster.worker.netty;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Counts the connections of one listener that this worker has, so that the master knows
 * at any time how many there are: it is told of those that end, many at once when many
 * do. A connection costs no object. Its numbers may overflow, as only differences count.
 */
final class ConnectionTally {

	private final AtomicInteger ended = new AtomicInteger();

	private final AtomicBoolean telling = new AtomicBoolean();

	private final Supplier<? extends Executor> loop;

	private final IntConsumer master;

	private final Runnable tell = this::tell;

	/**
	 * How many have come, the loop's.
	 */
	private int began;

	/**
	 * How many ends the master knows of, the loop's.
	 */
	private int told;

	ConnectionTally(Supplier<? extends Executor> loop, IntConsumer master) {
		this.loop = loop;
		this.master = master;
	}

	/**
	 * Counts a connection that has come. The loop calls.
	 */
	void began() {
		this.began++;
	}

	/**
	 * Counts a connection that has ended. Any thread may call.
	 */
	void ended() {
		this.ended.incrementAndGet();
		if (this.telling.compareAndSet(false, true)) {
			try {
				this.loop.get().execute(this.tell);
			}
			catch (RejectedExecutionException ex) {
				// The loop has ended, and its way to the master with it
			}
		}
	}

	/**
	 * Returns how many connections there are, for a master that hears it for the first
	 * time. The loop calls.
	 */
	int open() {
		this.told = this.ended.get();
		return this.began - this.told;
	}

	private void tell() {
		this.telling.set(false);
		int now = this.ended.get();
		int count = now - this.told;
		this.told = now;
		if (count > 0) {
			this.master.accept(count);
		}
	}

}
