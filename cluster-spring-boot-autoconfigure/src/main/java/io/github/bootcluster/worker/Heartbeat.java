package io.github.bootcluster.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.wire.Frame;

/**
 * Tells the master about once a second how this worker does, and by that that all of its
 * event loops answer: while one of them is blocked, nothing is told. Threads other than
 * those of the event loops may hang unnoticed.
 */
public final class Heartbeat {

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final long STEP = 10;

	private final MasterConnection master;

	private final WorkerConnections connections;

	private final RequestCounts requests;

	private final CpuLoad cpu = new CpuLoad();

	private volatile boolean accepting;

	/**
	 * Creates a heartbeat.
	 */
	public Heartbeat(MasterConnection master, WorkerConnections connections, RequestCounts requests) {
		this.master = master;
		this.connections = connections;
		this.requests = requests;
	}

	/**
	 * Begins to beat, until the process ends.
	 */
	public void start() {
		Thread thread = new Thread(this::run, "cluster-heartbeat");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Takes note of whether the application accepts traffic.
	 */
	public void accepting(boolean accepting) {
		this.accepting = accepting;
	}

	private void run() {
		try {
			while (!this.master.lost().isDone()) {
				long asked = System.nanoTime();
				this.connections.awaitLoops();
				this.master.send(new Frame.Vitals(vitals(Duration.ofNanos(System.nanoTime() - asked))));
				TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private WorkerVitals vitals(Duration lag) {
		return new WorkerVitals(this.requests.requests(), this.requests.errors(), this.connections.open(),
				this.connections.moved(), this.accepting, Duration.ofMillis(lag.toMillis() / STEP * STEP),
				this.cpu.load());
	}

}
