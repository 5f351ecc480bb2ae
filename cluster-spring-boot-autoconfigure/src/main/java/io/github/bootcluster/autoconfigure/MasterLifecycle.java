package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.master.MasterRuntime;

import org.springframework.context.SmartLifecycle;

/**
 * Stops the cluster while the master's beans can still hear of it.
 */
class MasterLifecycle implements SmartLifecycle {

	private final MasterRuntime master;

	private volatile boolean running;

	MasterLifecycle(MasterRuntime master) {
		this.master = master;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.master.close();
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
