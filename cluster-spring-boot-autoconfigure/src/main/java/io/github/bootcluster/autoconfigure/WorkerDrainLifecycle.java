package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.worker.WorkerRuntime;

import org.springframework.context.SmartLifecycle;

/**
 * Finishes the worker's connections before Spring's graceful shutdown, which would close
 * idle keep-alive connections at once.
 */
class WorkerDrainLifecycle implements SmartLifecycle {

	/**
	 * Above the phase of the web server's graceful shutdown: the highest stops first.
	 */
	static final int PHASE = DEFAULT_PHASE - 512;

	private final WorkerRuntime runtime;

	private volatile boolean running;

	WorkerDrainLifecycle(WorkerRuntime runtime) {
		this.runtime = runtime;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.runtime.drain();
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

}
