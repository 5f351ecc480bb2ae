package io.github.bootcluster.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.wire.Frame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Exchanges the meters of workers by way of the master: whichever is scraped shows those
 * of all.
 */
public final class MeterExchange {

	private static final Log logger = LogFactory.getLog(MeterExchange.class);

	/**
	 * How long the last report of a worker that ends may take.
	 */
	private static final Duration LAST_REPORT = Duration.ofSeconds(2);

	/**
	 * How much longer than a worker the master may take, which waits for workers.
	 */
	private static final Duration MASTER = Duration.ofSeconds(2);

	private final MasterConnection master;

	/**
	 * Not the thread of the connection: a meter of the application may take its time.
	 */
	private final ThreadPoolExecutor executor = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES,
			new LinkedBlockingQueue<>(), (task) -> {
				Thread thread = new Thread(task, "cluster-meters");
				thread.setDaemon(true);
				return thread;
			});

	private volatile @Nullable Supplier<String> source;

	private volatile @Nullable Collection collection;

	private volatile boolean failed;

	MeterExchange(MasterConnection master) {
		this.master = master;
		this.executor.allowCoreThreadTimeOut(true);
	}

	/**
	 * Sets who tells the meters of this worker.
	 * @param source returns them in a form that only workers understand, and may be
	 * called on any thread
	 */
	public void reportBy(Supplier<String> source) {
		this.source = source;
	}

	/**
	 * Collects the meters of all workers, and of those that have gone. Concurrent callers
	 * share one collection.
	 * @param timeout how long to wait for a worker; of one that takes longer there is
	 * what it has told before
	 * @return a stage that completes with them, or fails with
	 * {@link ClusterUnavailableException} if the master does not answer
	 */
	public synchronized CompletionStage<List<Frame.CollectedMeters>> collect(Duration timeout) {
		Collection current = this.collection;
		if (current != null) {
			return current.result;
		}
		Collection begun = new Collection();
		this.collection = begun;
		this.master.request((number) -> {
			begun.request = number;
			return new Frame.CollectMeters(number, timeout.toMillis());
		})
			.orTimeout(timeout.plus(MASTER).toMillis(), TimeUnit.MILLISECONDS)
			.whenComplete((answer, failure) -> end(begun, answer, failure));
		return begun.result;
	}

	private void end(Collection ended, @Nullable Frame answer, @Nullable Throwable failure) {
		this.collection = null;
		if (answer instanceof Frame.Success) {
			ended.result.complete(ended.meters);
		}
		else {
			ended.result.completeExceptionally((answer instanceof Frame.Failed refused)
					? refused.failure().toException() : (failure instanceof ClusterUnavailableException) ? failure
							: new ClusterUnavailableException("The master does not answer"));
		}
	}

	/**
	 * Lets the master keep the sum of workers of a slot that have gone in place of what
	 * they have told.
	 * @param sequence that of the last one in the sum
	 */
	public void replaceRetired(String group, int slot, long sequence, String sum) {
		if (sum.length() <= Frame.Meters.MAX_LENGTH) {
			this.master.send(new Frame.RetiredMeters(group, slot, sequence, sum));
		}
		else {
			failed("those of workers that have gone take %d characters, allowed are %d".formatted(sum.length(),
					Frame.Meters.MAX_LENGTH));
		}
	}

	/**
	 * Reports the meters a last time, as this worker has served its last request. A meter
	 * that takes too long does not keep it from its end.
	 */
	void leave() {
		if (this.source == null) {
			return;
		}
		try {
			this.executor.submit(() -> this.master.sendAndAwait(new Frame.Meters(report()), LAST_REPORT))
				.get(LAST_REPORT.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException | TimeoutException ex) {
			logger
				.warn("Meters were not reported within %d s: what this worker has counted since the last scrape is lost"
					.formatted(LAST_REPORT.toSeconds()));
		}
	}

	boolean received(Frame frame) {
		if (frame instanceof Frame.ReportMeters) {
			this.executor.execute(() -> this.master.send(new Frame.Meters(report())));
		}
		else if (frame instanceof Frame.CollectedMeters meters) {
			Collection current = this.collection;
			if (current != null && current.request == meters.request()) {
				current.meters.add(meters);
			}
		}
		else {
			return false;
		}
		return true;
	}

	/**
	 * Returns the meters, or nothing rather than a failure of one of them.
	 */
	private String report() {
		Supplier<String> current = this.source;
		try {
			String data = (current != null) ? current.get() : "";
			if (data.length() <= Frame.Meters.MAX_LENGTH) {
				this.failed = false;
				return data;
			}
			failed("they take %d characters, allowed are %d".formatted(data.length(), Frame.Meters.MAX_LENGTH));
		}
		catch (Throwable ex) {
			// Without an answer the master would not ask again
			failed(ex.toString());
		}
		return "";
	}

	private void failed(String reason) {
		if (!this.failed) {
			this.failed = true;
			logger.warn("Meters are missing from scrapes of the cluster: " + reason);
		}
	}

	/**
	 * What is being collected.
	 */
	private static final class Collection {

		private final List<Frame.CollectedMeters> meters = new ArrayList<>();

		private final CompletableFuture<List<Frame.CollectedMeters>> result = new CompletableFuture<>();

		private volatile int request;

	}

}
