package io.github.bootcluster.standalone;

import io.github.bootcluster.ClusterLeadership;

/**
 * {@link ClusterLeadership} of a process in which it never changes.
 *
 * @param isLeader whether the process leads
 */
public record FixedLeadership(boolean isLeader) implements ClusterLeadership {

	@Override
	public boolean runIfLeader(Runnable task) {
		if (this.isLeader) {
			task.run();
		}
		return this.isLeader;
	}

}
