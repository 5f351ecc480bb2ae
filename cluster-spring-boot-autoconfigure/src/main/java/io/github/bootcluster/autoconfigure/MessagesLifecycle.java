package io.github.bootcluster.autoconfigure;

import org.springframework.context.SmartLifecycle;

/**
 * Opens the messages of a process once all its listeners are there, before its web server
 * starts.
 */
class MessagesLifecycle implements SmartLifecycle {

	/**
	 * Below the phases of web servers: the lowest starts first.
	 */
	static final int PHASE = DEFAULT_PHASE - 4096;

	private final Runnable opening;

	private volatile boolean running;

	MessagesLifecycle(Runnable opening) {
		this.opening = opening;
	}

	@Override
	public void start() {
		this.opening.run();
		this.running = true;
	}

	@Override
	public void stop() {
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
