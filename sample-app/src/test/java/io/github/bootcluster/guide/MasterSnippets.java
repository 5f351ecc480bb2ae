package io.github.bootcluster.guide;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.event.WorkerExitedEvent;
import io.github.bootcluster.event.WorkerMessageEvent;
import io.github.bootcluster.event.WorkerRespawnSuppressedEvent;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/**
 * What the master hears. It prints, as the test reads what the master writes.
 */
@Component
@ConditionalOnClusterRole(ClusterRole.MASTER)
class MasterSnippets {

	// tag::exit[]
	@EventListener
	void exited(WorkerExitedEvent event) {
		if (!event.getExit().voluntary()) {
			System.out.println("Guide: worker " + event.getWorker().id() + " " + event.getExit().reason());
		}
	}
	// end::exit[]

	// tag::message-event[]
	@EventListener
	void heard(WorkerMessageEvent event) {
		System.out
			.println("Guide: slot " + event.getWorker().slot() + " " + event.getName() + " " + event.getPayload());
	}
	// end::message-event[]

	// tag::give-up[]
	@EventListener
	void givenUp(WorkerRespawnSuppressedEvent event) {
		System.out
			.println("Guide: slot " + event.getSlot() + " is given up after " + event.getAttempts() + " attempts");
	}
	// end::give-up[]

}
