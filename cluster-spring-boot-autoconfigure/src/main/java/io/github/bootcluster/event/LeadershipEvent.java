package io.github.bootcluster.event;

import org.springframework.context.ApplicationEvent;

/**
 * Parent of the events about the lead, which are published in the worker that they
 * concern, on a thread of their own.
 */
public abstract sealed class LeadershipEvent extends ApplicationEvent
		permits LeadershipGrantedEvent, LeadershipRevokedEvent {

	protected LeadershipEvent(Object source) {
		super(source);
	}

}
