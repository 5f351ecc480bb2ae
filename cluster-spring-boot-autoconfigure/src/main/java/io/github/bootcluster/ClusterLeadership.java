package io.github.bootcluster;

/**
 * Whether this process leads: of all workers at most one does at any time. A bean of this
 * type exists in every role. Changes are published as
 * {@link io.github.bootcluster.event.LeadershipGrantedEvent LeadershipGrantedEvent} and
 * {@link io.github.bootcluster.event.LeadershipRevokedEvent LeadershipRevokedEvent}.
 */
public interface ClusterLeadership {

	/**
	 * Tells whether this process leads. The answer may be outdated at once: what must not
	 * overlap with the next leader runs by {@link #runIfLeader}.
	 * @return whether it leads, always if this process is not clustered, never in the
	 * master
	 */
	boolean isLeader();

	/**
	 * Runs a task if this process leads. No other worker leads before the task has ended,
	 * or this process has.
	 * @param task the task
	 * @return whether it was run
	 */
	boolean runIfLeader(Runnable task);

}
