package io.github.bootcluster.worker;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.wire.Frame;

/**
 * Tells the master how this worker does, and by that that all of its event loops answer:
 * while one of them is blocked, nothing is told. A worker that serves reports about once
 * a second, an idle one less often. Threads other than those of the event loops may hang
 * unnoticed.
 */
public final class Heartbeat {

	private static final Duration INTERVAL = Duration.ofSeconds(1);

	private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

	/**
	 * How many reports an idle worker sends within the master's timeout.
	 */
	private static final int BEATS = 4;

	/**
	 * A report is due before the sleep that it waits for ends.
	 */
	private static final Duration TOLERANCE = INTERVAL.dividedBy(2);

	private static final long STEP = 10;

	private final MasterConnection master;

	private final WorkerConnections connections;

	private final RequestCounts requests;

	private final CpuLoad cpu = new CpuLoad();

	private final Duration longestPause;

	private volatile boolean accepting;

	/**
	 * Creates a heartbeat.
	 * @param timeout after which silence the master ends a worker, zero for never
	 */
	public Heartbeat(MasterConnection master, WorkerConnections connections, RequestCounts requests, Duration timeout) {
		this.master = master;
		this.connections = connections;
		this.requests = requests;
		this.longestPause = longestPause(timeout);
	}

	private static Duration longestPause(Duration timeout) {
		if (timeout.isZero()) {
			return LONGEST_PAUSE;
		}
		// The thread sleeps for whole intervals
		long intervals = timeout.dividedBy(BEATS).dividedBy(INTERVAL);
		return INTERVAL.multipliedBy(Math.max(1, Math.min(intervals, LONGEST_PAUSE.dividedBy(INTERVAL))));
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
		Activity last = activity();
		long dueAt = System.nanoTime();
		try {
			while (!this.master.lost().isDone()) {
				Activity now = activity();
				if (!now.equals(last) || System.nanoTime() - dueAt >= 0) {
					WorkerVitals vitals = vitals(now);
					boolean idle = now.equals(last) && vitals.loopLag().isZero() && vitals.cpuLoad() == 0;
					Duration next = idle ? this.longestPause : INTERVAL;
					this.master.send(new Frame.Vitals(vitals, next));
					last = now;
					dueAt = System.nanoTime() + next.minus(TOLERANCE).toNanos();
				}
				TimeUnit.NANOSECONDS.sleep(INTERVAL.toNanos());
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private Activity activity() {
		return new Activity(this.requests.requests(), this.requests.errors(), this.connections.open(),
				this.connections.moved(), this.accepting);
	}

	private WorkerVitals vitals(Activity activity) throws InterruptedException {
		long asked = System.nanoTime();
		this.connections.awaitLoops();
		Duration lag = Duration.ofNanos(System.nanoTime() - asked);
		return new WorkerVitals(activity.requests(), activity.errors(), activity.open(), activity.moved(),
				activity.accepting(), Duration.ofMillis(lag.toMillis() / STEP * STEP), this.cpu.load());
	}

	/**
	 * What is worth a report when it changes.
	 */
	private record Activity(long requests, long errors, int open, long moved, boolean accepting) {

	}

}
