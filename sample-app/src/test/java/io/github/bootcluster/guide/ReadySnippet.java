package io.github.bootcluster.guide;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.event.WorkerReadyEvent;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * A bean of the master.
 */
// tag::events[]
@Component
@ConditionalOnClusterRole(ClusterRole.MASTER)
class ReadySnippet {

	@EventListener
	void ready(WorkerReadyEvent event) {
		System.out.println("Guide: worker " + event.getWorker().id() + " is ready");
	}

}
// end::events[]
