package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.worker.WorkerMessages;

import org.springframework.context.SmartLifecycle;

/**
 * Opens the messages of a worker once all its listeners are there, before its web server
 * starts, and closes them behind the web server while they are still there.
 */
class MessagesLifecycle implements SmartLifecycle {

	/**
	 * Below the phases of web servers: the lowest starts first.
	 */
	static final int PHASE = DEFAULT_PHASE - 4096;

	private final WorkerMessages messages;

	private volatile boolean running;

	MessagesLifecycle(WorkerMessages messages) {
		this.messages = messages;
	}

	@Override
	public void start() {
		this.messages.open();
		this.running = true;
	}

	@Override
	public void stop() {
		this.messages.close();
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
