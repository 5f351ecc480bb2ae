package io.github.bootcluster.event;

import org.springframework.context.ApplicationEvent;

/**
 * Parent of the events that the master publishes in its application context. They are
 * published in the order in which things happened, on a thread of their own: a listener
 * that blocks delays later events and nothing else, one that throws is logged.
 */
public abstract sealed class ClusterEvent extends ApplicationEvent
		permits ClusterStartedEvent, WorkerEvent, RollingRestartEvent {

	protected ClusterEvent(Object source) {
		super(source);
	}

}
