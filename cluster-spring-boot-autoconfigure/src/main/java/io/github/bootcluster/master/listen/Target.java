package io.github.bootcluster.master.listen;

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

	@Override
	public int connections() {
		return this.load.connections();
	}

	@Override
	public boolean isLagging() {
		return this.load.isLagging();
	}

	@Override
	public double share() {
		return this.load.share();
	}

	@Override
	public double cpuLoad() {
		return this.load.reported().cpuLoad();
	}

}
