package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.worker.Heartbeat;
import io.github.bootcluster.worker.WorkerRuntime;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;

/**
 * Tells the master once the application accepts traffic, and whether it still does.
 */
class WorkerReadinessListener implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

	private final WorkerRuntime runtime;

	private final Heartbeat heartbeat;

	WorkerReadinessListener(WorkerRuntime runtime, Heartbeat heartbeat) {
		this.runtime = runtime;
		this.heartbeat = heartbeat;
	}

	@Override
	public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
		boolean accepting = event.getState() == ReadinessState.ACCEPTING_TRAFFIC;
		this.heartbeat.accepting(accepting);
		if (accepting) {
			this.runtime.ready();
		}
	}

}
