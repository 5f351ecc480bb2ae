package io.github.bootcluster.master.listen;

import java.util.concurrent.TimeUnit;

import io.github.bootcluster.distribution.ConnectionDistributor.Candidate;
import io.github.bootcluster.wire.DescriptorSender;

/**
 * Worker as the dispatcher of one listener sees it.
 *
 * @param sender the way to the worker, which owns its descriptors without an ack
 * @param worker the worker's id
 * @param slot the worker's slot
 * @param load what the worker has to do, over all listeners
 */
record Target(DescriptorSender sender, int worker, int slot, WorkerLoad load) implements Candidate {

	/**
	 * A worker acknowledges a connection as soon as its event loop gets to it.
	 */
	private static final long MAX_SILENCE = TimeUnit.MILLISECONDS.toNanos(50);

	@Override
	public int connections() {
		return this.load.connections();
	}

	@Override
	public boolean isLagging() {
		return this.load.reported().isLagging()
				|| (this.sender.unacknowledged() > 0 && this.sender.silence(System.nanoTime()) > MAX_SILENCE);
	}

	@Override
	public double cpuLoad() {
		return this.load.reported().cpuLoad();
	}

}
