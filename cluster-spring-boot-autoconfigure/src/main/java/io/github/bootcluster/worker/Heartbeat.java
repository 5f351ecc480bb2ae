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
		Duration share = timeout.isZero() ? LONGEST_PAUSE : timeout.dividedBy(BEATS);
		Duration pause = (share.compareTo(LONGEST_PAUSE) < 0) ? share : LONGEST_PAUSE;
		return (pause.compareTo(INTERVAL) > 0) ? pause : INTERVAL;
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
					Duration next = now.equals(last) ? this.longestPause : INTERVAL;
					report(now, next);
					last = now;
					dueAt = System.nanoTime() + next.toNanos();
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

	private void report(Activity activity, Duration next) throws InterruptedException {
		long asked = System.nanoTime();
		this.connections.awaitLoops();
		Duration lag = Duration.ofNanos(System.nanoTime() - asked);
		this.master
			.send(new Frame.Vitals(
					new WorkerVitals(activity.requests(), activity.errors(), activity.open(), activity.moved(),
							activity.accepting(), Duration.ofMillis(lag.toMillis() / STEP * STEP), this.cpu.load()),
					next));
	}

	/**
	 * What is worth a report when it changes.
	 */
	private record Activity(long requests, long errors, int open, long moved, boolean accepting) {

	}

}
