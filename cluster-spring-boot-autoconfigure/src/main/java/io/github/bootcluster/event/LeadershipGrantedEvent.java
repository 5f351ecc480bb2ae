package io.github.bootcluster.event;

/**
 * This worker leads from now on.
 */
public final class LeadershipGrantedEvent extends LeadershipEvent {

	public LeadershipGrantedEvent(Object source) {
		super(source);
	}

}
