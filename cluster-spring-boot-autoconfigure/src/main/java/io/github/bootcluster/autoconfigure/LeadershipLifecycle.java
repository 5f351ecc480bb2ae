package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.worker.WorkerLeadership;

import org.springframework.context.SmartLifecycle;

/**
 * Gives the lead up as the first thing when the application is closed.
 */
class LeadershipLifecycle implements SmartLifecycle {

	private final WorkerLeadership leadership;

	private volatile boolean running;

	LeadershipLifecycle(WorkerLeadership leadership) {
		this.leadership = leadership;
	}

	@Override
	public void start() {
		this.running = true;
	}

	@Override
	public void stop() {
		this.leadership.giveUp();
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
