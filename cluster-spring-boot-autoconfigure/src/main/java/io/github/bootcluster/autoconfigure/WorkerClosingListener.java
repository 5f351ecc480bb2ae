package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.worker.WorkerRuntime;

import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;

/**
 * Tells the worker that the application is about to close, before any of its servers
 * does: some are stopped in an earlier phase than the worker's own.
 */
class WorkerClosingListener implements ApplicationListener<ContextClosedEvent> {

	private final WorkerRuntime runtime;

	private final ApplicationContext context;

	WorkerClosingListener(WorkerRuntime runtime, ApplicationContext context) {
		this.runtime = runtime;
		this.context = context;
	}

	@Override
	public void onApplicationEvent(ContextClosedEvent event) {
		// A child context, such as the management server's, may be closed alone
		if (event.getApplicationContext() == this.context) {
			this.runtime.closing();
		}
	}

}
