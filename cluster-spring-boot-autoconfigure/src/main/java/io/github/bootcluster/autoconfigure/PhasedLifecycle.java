package io.github.bootcluster.autoconfigure;

import org.springframework.context.SmartLifecycle;

/**
 * Part of the cluster that starts and stops in a phase of the application's.
 */
class PhasedLifecycle implements SmartLifecycle {

	/**
	 * Below the phases of web servers: the lowest starts first.
	 */
	static final int BEFORE_WEB_SERVERS = DEFAULT_PHASE - 4096;

	/**
	 * Above the phase of the web server's graceful shutdown: the highest stops first.
	 */
	static final int BEFORE_GRACEFUL_SHUTDOWN = DEFAULT_PHASE - 512;

	private final int phase;

	private final Runnable start;

	private final Runnable stop;

	private volatile boolean running;

	PhasedLifecycle(int phase, Runnable start, Runnable stop) {
		this.phase = phase;
		this.start = start;
		this.stop = stop;
	}

	/**
	 * Creates a part that has nothing to do when the application starts.
	 */
	static PhasedLifecycle stopping(int phase, Runnable stop) {
		return new PhasedLifecycle(phase, () -> {
		}, stop);
	}

	@Override
	public void start() {
		this.start.run();
		this.running = true;
	}

	@Override
	public void stop() {
		this.stop.run();
		this.running = false;
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

	@Override
	public int getPhase() {
		return this.phase;
	}

}
