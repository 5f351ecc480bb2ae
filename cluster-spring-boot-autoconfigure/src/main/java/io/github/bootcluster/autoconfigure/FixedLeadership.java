package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.ClusterLeadership;

/**
 * {@link ClusterLeadership} of a process in which it never changes.
 *
 * @param isLeader whether the process leads
 */
record FixedLeadership(boolean isLeader) implements ClusterLeadership {

	@Override
	public boolean runIfLeader(Runnable task) {
		if (this.isLeader) {
			task.run();
		}
		return this.isLeader;
	}

}
