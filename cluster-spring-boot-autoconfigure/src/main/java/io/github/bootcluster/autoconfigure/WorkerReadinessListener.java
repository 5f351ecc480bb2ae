package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.WorkerResources;
import io.github.bootcluster.process.HostResources;
import io.github.bootcluster.worker.Heartbeat;
import io.github.bootcluster.worker.WarmUp;
import io.github.bootcluster.worker.WorkerRuntime;
import reactor.netty.resources.LoopResources;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.util.ClassUtils;

/**
 * Tells the master once the application accepts traffic, and whether it still does.
 */
class WorkerReadinessListener implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>> {

	private static final boolean REACTOR_NETTY = ClassUtils.isPresent("reactor.netty.resources.LoopResources",
			WorkerReadinessListener.class.getClassLoader());

	private final WorkerRuntime runtime;

	private final Heartbeat heartbeat;

	private final ObjectProvider<WarmUp> warmUp;

	private final ApplicationContext context;

	private boolean warm;

	WorkerReadinessListener(WorkerRuntime runtime, Heartbeat heartbeat, ObjectProvider<WarmUp> warmUp,
			ApplicationContext context) {
		this.runtime = runtime;
		this.heartbeat = heartbeat;
		this.warmUp = warmUp;
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
			if (!this.warm) {
				this.warm = true;
				this.warmUp.ifAvailable(WarmUp::run);
			}
			this.runtime.ready(resources());
		}
	}

	private static WorkerResources resources() {
		HostResources own = HostResources.ofThisProcess();
		return new WorkerResources(own.processors(), REACTOR_NETTY ? LoopResources.DEFAULT_IO_WORKER_COUNT : 0,
				own.maxHeap());
	}

}
