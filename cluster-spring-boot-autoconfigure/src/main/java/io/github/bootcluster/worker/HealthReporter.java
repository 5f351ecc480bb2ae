package io.github.bootcluster.worker;

import java.util.concurrent.atomic.AtomicBoolean;

import io.github.bootcluster.wire.Frame;

/**
 * Answers the master when it asks for the application's health. A check that takes long
 * is not begun a second time meanwhile, and a master that gets no answer draws no
 * conclusion from that: it has heartbeats to tell who hangs.
 */
public final class HealthReporter {

	private final MasterConnection master;

	private final HealthSource source;

	private final AtomicBoolean checking = new AtomicBoolean();

	/**
	 * Creates a reporter.
	 */
	public HealthReporter(MasterConnection master, HealthSource source) {
		this.master = master;
		this.source = source;
	}

	/**
	 * Begins to answer.
	 */
	public void start() {
		this.master.onHealthCheck(this::asked);
	}

	private void asked() {
		if (this.checking.compareAndSet(false, true)) {
			Thread thread = new Thread(this::check, "cluster-health");
			thread.setDaemon(true);
			thread.start();
		}
	}

	private void check() {
		try {
			this.master.send(this.source.check());
		}
		catch (RuntimeException | LinkageError ex) {
			this.master.send(new Frame.Health(false, "its health cannot be told: " + ex));
		}
		finally {
			this.checking.set(false);
		}
	}

}
