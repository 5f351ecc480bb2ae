package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.worker.Heartbeat;
import io.github.bootcluster.worker.WorkerRuntime;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;

/**
 * Tells the master once the application accepts traffic, and whether it still does.
 */
class WorkerReadinessListener implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

	private final WorkerRuntime runtime;

	private final Heartbeat heartbeat;

	private final ApplicationContext context;

	WorkerReadinessListener(WorkerRuntime runtime, Heartbeat heartbeat, ApplicationContext context) {
		this.runtime = runtime;
		this.heartbeat = heartbeat;
		this.context = context;
	}

	@Override
	public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
		// A child context has a state of its own; beans name themselves or an exception
		boolean own = event.getSource() == this.context;
		if (!own && event.getSource() instanceof ApplicationContext) {
			return;
		}
		boolean accepting = event.getState() == ReadinessState.ACCEPTING_TRAFFIC;
		this.heartbeat.accepting(accepting);
		if (own && accepting) {
			this.runtime.ready();
		}
	}

}
