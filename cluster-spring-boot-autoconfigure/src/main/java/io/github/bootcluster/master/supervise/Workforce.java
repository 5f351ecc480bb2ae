package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.function.BiConsumer;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.WorkerState;
import io.github.bootcluster.event.WorkerForkedEvent;
import io.github.bootcluster.master.listen.Listeners;
import io.github.bootcluster.process.LaunchException;
import io.github.bootcluster.process.WorkerProcess;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * What can be done to workers, without a decision when. It belongs to the supervisor's
 * thread.
 */
final class Workforce {

	private static final Log logger = LogFactory.getLog(Workforce.class);

	private final LiveSettings settings;

	private final WorkerForker forker;

	private final Listeners listeners;

	private final MasterEvents events;

	private final EventThread thread;

	private final WorkerTable workers;

	private final BiConsumer<WorkerHandle, Integer> exited;

	private final BiConsumer<ClusterWorker, String> failed;

	private int lastId;

	/**
	 * Creates a workforce.
	 * @param settings what to go by
	 * @param forker forks the workers
	 * @param listeners the addresses that the workers share
	 * @param events takes the events
	 * @param thread the thread that everything happens on
	 * @param workers the workers that there are
	 * @param exited hears of a worker's exit code
	 * @param failed hears of a worker that could not be forked, and why
	 */
	Workforce(LiveSettings settings, WorkerForker forker, Listeners listeners, MasterEvents events, EventThread thread,
			WorkerTable workers, BiConsumer<WorkerHandle, Integer> exited, BiConsumer<ClusterWorker, String> failed) {
		this.settings = settings;
		this.forker = forker;
		this.listeners = listeners;
		this.events = events;
		this.thread = thread;
		this.workers = workers;
		this.exited = exited;
		this.failed = failed;
	}

	/**
	 * Forks a worker.
	 * @param slot the slot
	 * @param generation the generation
	 * @return the worker, or {@code null} if it could not be forked
	 */
	@Nullable WorkerHandle fork(Slot slot, int generation) {
		int id = ++this.lastId;
		try {
			WorkerProcess process = this.forker.fork(id, slot, generation);
			WorkerHandle worker = new WorkerHandle(id, slot, generation, process, this.thread.now(),
					new StartLimit(this.settings.startTimeout(), this.thread.nanoTime()));
			this.workers.add(worker);
			this.events.publish(new WorkerForkedEvent(worker.snapshot()));
			process.onExit().thenAccept((code) -> this.thread.execute(() -> this.exited.accept(worker, code)));
			return worker;
		}
		catch (LaunchException ex) {
			logger.error(ex.getMessage());
			return notForked(id, slot, generation, ex.reason());
		}
		catch (RuntimeException ex) {
			// Whoever waits for the worker must hear of what nobody has thought of, too
			logger.error("Cannot fork worker %d".formatted(id), ex);
			return notForked(id, slot, generation, ex.toString());
		}
	}

	private @Nullable WorkerHandle notForked(int id, Slot slot, int generation, String reason) {
		this.failed.accept(new ClusterWorker(id, slot.group(), slot.number(), -1, WorkerState.EXITED, generation,
				this.thread.now(), null, null, null), "could not be forked: " + reason);
		return null;
	}

	/**
	 * Lets a worker finish its connections and end.
	 * @param worker the worker
	 * @param reason why, fit for a log line
	 */
	void drain(WorkerHandle worker, String reason) {
		leave(worker, new Departure(Departure.Kind.REQUESTED, reason));
		remind(worker);
	}

	/**
	 * Lets a worker that leaves by itself finish, which it only does once it is told to:
	 * until then it can take what is queued.
	 * @param worker the worker
	 */
	void confirm(WorkerHandle worker) {
		Departure departure = worker.departure();
		if (departure != null && !worker.isGone() && worker.connection() != null) {
			leave(worker, departure);
			remind(worker);
		}
	}

	/**
	 * Tells a worker that is to leave that it is.
	 * @param worker the worker
	 */
	void remind(WorkerHandle worker) {
		ControlConnection connection = worker.connection();
		if (connection != null) {
			connection.send(new Frame.Drain(this.settings.drainTimeout().toMillis()));
		}
		else if (worker.state() != WorkerState.EXITED) {
			worker.press(this.thread.nanoTime());
		}
	}

	/**
	 * Ends a worker that does not work.
	 * @param worker the worker
	 * @param reason what is wrong, fit for a log line
	 */
	void condemn(WorkerHandle worker, String reason) {
		condemn(worker, new Departure(Departure.Kind.CONDEMNED, reason));
	}

	/**
	 * Ends a worker that does not work.
	 * @param worker the worker
	 * @param departure what is wrong
	 */
	void condemn(WorkerHandle worker, Departure departure) {
		leave(worker, departure);
		worker.press(this.thread.nanoTime());
	}

	/**
	 * Ends a worker that has nothing to finish.
	 * @param worker the worker
	 * @param reason why it is not needed, fit for a log line
	 */
	void dismiss(WorkerHandle worker, String reason) {
		leave(worker, new Departure(Departure.Kind.REQUESTED, reason));
		worker.press(this.thread.nanoTime());
	}

	/**
	 * Takes note that a worker leaves, and sees to it that it gets nothing more and takes
	 * no longer than it may.
	 * @param worker the worker
	 * @param departure why
	 */
	void leave(WorkerHandle worker, Departure departure) {
		// A worker that was never ready has no connection to finish, and is pressed at
		// once
		Duration limit = worker.wasReady() ? this.settings.drainTimeout().plus(this.settings.stopTimeout())
				: WorkerHandle.GRACE;
		worker.depart(departure, this.thread.nanoTime() + limit.toNanos());
		this.listeners.withhold(worker.id());
	}

	/**
	 * Does something about a worker whose time is up.
	 * @param worker the worker
	 */
	void press(WorkerHandle worker) {
		if (worker.isStarting()) {
			judgeStart(worker);
		}
		else {
			logger.warn("%s has not ended in time (cluster.drain.timeout, cluster.worker.stop-timeout): it is ended"
				.formatted(worker));
			worker.press(this.thread.nanoTime());
		}
	}

	private void judgeStart(WorkerHandle worker) {
		long seconds = worker.startLimit().waited().toSeconds();
		switch (worker.judgeStart(this.thread.nanoTime())) {
			case OBSERVED -> {
			}
			case SLOW -> logger.warn(
					"%s is not ready after %d s (cluster.worker.start-timeout), but still uses processor time: it gets %d s more"
						.formatted(worker, seconds, worker.startLimit().waited().toSeconds() - seconds));
			case BUSY_FOR_EVER ->
				late(worker, "it was not ready within %d s and still used processor time".formatted(seconds));
			case IDLE -> late(worker, "it was not ready within %d s and was idle".formatted(seconds));
			case UNKNOWN -> late(worker, "it was not ready within %d s".formatted(seconds));
		}
	}

	private void late(WorkerHandle worker, String reason) {
		condemn(worker, new Departure(Departure.Kind.LATE, reason));
	}

}
