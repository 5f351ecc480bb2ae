package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.worker.WorkerRuntime;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationListener;

/**
 * Tells the master once the application accepts traffic.
 */
class WorkerReadinessListener implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

	private final WorkerRuntime runtime;

	WorkerReadinessListener(WorkerRuntime runtime) {
		this.runtime = runtime;
	}

	@Override
	public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
		if (event.getState() == ReadinessState.ACCEPTING_TRAFFIC) {
			this.runtime.ready();
		}
	}

}
