package io.github.bootcluster.master.supervise;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.event.ClusterEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.context.ApplicationEventPublisher;

/**
 * Publishes events on a thread of their own, so that no listener can hold the supervision
 * up.
 */
public final class MasterEvents implements AutoCloseable {

	private static final Log logger = LogFactory.getLog(MasterEvents.class);

	private static final long CLOSE_SECONDS = 2;

	private final ApplicationEventPublisher publisher;

	private final ClusterCounts counts = new ClusterCounts();

	private final ExecutorService executor = Executors.newSingleThreadExecutor((task) -> {
		Thread thread = new Thread(task, "cluster-events");
		thread.setDaemon(true);
		return thread;
	});

	public MasterEvents(ApplicationEventPublisher publisher) {
		this.publisher = publisher;
	}

	/**
	 * Publishes an event, after it was counted and written to the log.
	 */
	void publish(ClusterEvent event) {
		this.counts.count(event);
		EventLog.write(event);
		this.executor.execute(() -> {
			try {
				this.publisher.publishEvent(event);
			}
			catch (RuntimeException ex) {
				logger.error("A listener of %s failed".formatted(event.getClass().getSimpleName()), ex);
			}
		});
	}

	/**
	 * Returns what has been counted. It belongs to the thread that publishes.
	 */
	ClusterCounts counts() {
		return this.counts;
	}

	/**
	 * Waits a moment for listeners to hear of what has been published.
	 */
	@Override
	public void close() {
		this.executor.shutdown();
		try {
			if (!this.executor.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
				logger.warn("A listener of cluster events is blocked; the last events are not published");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
