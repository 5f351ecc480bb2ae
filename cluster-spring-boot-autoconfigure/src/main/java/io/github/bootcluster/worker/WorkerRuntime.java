package io.github.bootcluster.worker;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.bootcluster.WorkerResources;
import io.github.bootcluster.wire.Frame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Life of a worker: it tells the master when the application is ready, and finishes its
 * connections before it ends.
 */
public final class WorkerRuntime {

	private static final Log logger = LogFactory.getLog(WorkerRuntime.class);

	/**
	 * How long the master may take to tell that this worker may finish. It waits for a
	 * second whether it is told to end as well.
	 */
	private static final Duration ANSWER_TIMEOUT = Duration.ofSeconds(10);

	private final MasterConnection master;

	private final WorkerConnections connections;

	private final boolean migrateIdle;

	private final Duration drainTimeout;

	private final Duration stopTimeout;

	private final AtomicBoolean draining = new AtomicBoolean();

	private volatile boolean closing;

	private final CountDownLatch drained = new CountDownLatch(1);

	/**
	 * Creates the runtime.
	 * @param drainTimeout how long that may take if it is not the master who says
	 */
	public WorkerRuntime(MasterConnection master, WorkerConnections connections, boolean migrateIdle,
			Duration drainTimeout, Duration stopTimeout) {
		this.master = master;
		this.connections = connections;
		this.migrateIdle = migrateIdle;
		this.drainTimeout = drainTimeout;
		this.stopTimeout = stopTimeout;
	}

	/**
	 * Begins to obey the master.
	 */
	public void start() {
		this.master.drainRequested().thenAccept((timeout) -> end(timeout, "Shutting down: requested by the master"));
		this.master.lost().thenRun(() -> end(this.drainTimeout, "Shutting down: the master is gone"));
	}

	/**
	 * Tells the master that the application accepts traffic.
	 */
	public void ready(WorkerResources resources) {
		this.master.send(new Frame.Ready(resources));
	}

	/**
	 * Tells the master what the application says of its availability.
	 */
	public void available(boolean accepting, boolean correct) {
		this.master.send(new Frame.Availability(accepting, correct));
	}

	private void end(Duration timeout, String reason) {
		if (this.draining.get()) {
			return;
		}
		if (!this.closing) {
			logger.info(reason);
		}
		thread("cluster-drain", () -> {
			drain(timeout);
			// An application that closes by itself ends with an exit code of its own
			if (!this.closing) {
				System.exit(0);
			}
		});
	}

	/**
	 * The application is about to close: its servers close because of that alone.
	 */
	public void closing() {
		this.closing = true;
		this.master.leave();
	}

	/**
	 * Finishes the connections of a worker that was told to end by somebody else than the
	 * master, or waits until that is done.
	 */
	public void drain() {
		this.closing = true;
		this.master.leave();
		awaitMaster();
		drain(this.drainTimeout);
	}

	/**
	 * Goes on serving until the master has taken note that this worker ends, and has
	 * handed over what is queued if it ends itself.
	 */
	private void awaitMaster() {
		try {
			CompletableFuture.anyOf(this.master.drainRequested(), this.master.lost())
				.get(ANSWER_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger.warn("The master does not answer: this worker finishes without it");
		}
	}

	private void drain(Duration timeout) {
		try {
			if (this.draining.compareAndSet(false, true)) {
				haltAfter(timeout.plus(this.stopTimeout));
				try {
					this.connections.drain(this.migrateIdle && !this.master.lost().isDone(), timeout);
					this.master.meters().leave();
				}
				finally {
					this.drained.countDown();
				}
			}
			this.drained.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Sees to it that nothing in the application can keep this process alive for ever. A
	 * master would press it, but it may be gone.
	 */
	private void haltAfter(Duration timeout) {
		thread("cluster-watchdog", () -> {
			try {
				TimeUnit.NANOSECONDS.sleep(timeout.toNanos());
				logger.warn(
						"This worker did not end within %d s (cluster.drain.timeout, cluster.worker.stop-timeout): halting"
							.formatted(timeout.toSeconds()));
			}
			catch (InterruptedException ex) {
				// Ends at once, then
			}
			Runtime.getRuntime().halt(1);
		});
	}

	private void thread(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
	}

}
