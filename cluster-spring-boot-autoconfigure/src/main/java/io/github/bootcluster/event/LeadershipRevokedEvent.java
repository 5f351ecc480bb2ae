package io.github.bootcluster.event;

/**
 * This worker does not lead any more: it drains, or has lost its master.
 */
public final class LeadershipRevokedEvent extends LeadershipEvent {

	public LeadershipRevokedEvent(Object source) {
		super(source);
	}

}
