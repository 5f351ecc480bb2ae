package io.github.bootcluster.master;

import java.util.List;
import java.util.UUID;

import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.RollingRestartAbortedEvent;
import io.github.bootcluster.RollingRestartCompletedEvent;
import io.github.bootcluster.RollingRestartProgressedEvent;
import io.github.bootcluster.RollingRestartStartedEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor's rolling restart: one step of each of its turns, on its thread.
 */
final class Restarter {

	private static final Log logger = LogFactory.getLog(Restarter.class);

	private final MasterSettings settings;

	private final List<Slot> slots;

	private final WorkerTable workers;

	private final Workforce workforce;

	private final Listeners listeners;

	private final MasterEvents events;

	private final EventThread thread;

	private final int parallelStarts;

	private @Nullable RestartOperation last;

	private int lastGeneration = 1;

	private int provenGeneration = 1;

	Restarter(MasterSettings settings, List<Slot> slots, WorkerTable workers, Workforce workforce, Listeners listeners,
			MasterEvents events, EventThread thread, int parallelStarts) {
		this.settings = settings;
		this.slots = slots;
		this.workers = workers;
		this.workforce = workforce;
		this.listeners = listeners;
		this.events = events;
		this.thread = thread;
		this.parallelStarts = parallelStarts;
	}

	@Nullable RollingRestart last() {
		return this.last;
	}

	/**
	 * Returns the newest generation that has proved itself.
	 * @return the generation
	 */
	int generation() {
		return this.provenGeneration;
	}

	private @Nullable RestartOperation running() {
		RestartOperation operation = this.last;
		return (operation != null && operation.isRunning()) ? operation : null;
	}

	boolean isRunning() {
		return running() != null;
	}

	/**
	 * Takes note that slots were added or removed. Those that were removed count no more.
	 */
	void resized() {
		RestartOperation running = running();
		if (running != null) {
			running.resize(this.slots.size(), (int) this.slots.stream()
				.filter((slot) -> this.workers.in(slot).anyMatch(WorkerHandle::isReady)
						&& this.workers.in(slot).allMatch((worker) -> worker.generation() == running.generation()))
				.count());
		}
	}

	RollingRestart begin(boolean unavailable) {
		if (unavailable) {
			throw new ClusterUnavailableException("The cluster is starting or shutting down");
		}
		RestartOperation running = running();
		if (running != null) {
			throw new RestartInProgressException(running.id());
		}
		RestartOperation operation = new RestartOperation(UUID.randomUUID().toString(), ++this.lastGeneration,
				this.slots.size(), this.thread.now(),
				this.thread.nanoTime() + this.settings.restart().timeout().toNanos());
		this.last = operation;
		logger.info("Rolling restart %s to generation %d begins".formatted(operation.id(), operation.generation()));
		this.events.publish(new RollingRestartStartedEvent(operation.status()));
		return operation;
	}

	/**
	 * Returns when the running restart's time is up.
	 * @return a time of the event thread
	 */
	long deadline() {
		RestartOperation running = running();
		return (running != null) ? running.deadline() : Long.MAX_VALUE;
	}

	boolean isBringingUp(int generation) {
		RestartOperation running = running();
		return running != null && running.generation() == generation;
	}

	/**
	 * Returns the generation for the next worker of a slot that is empty: the new one as
	 * soon as it has proved itself, or if it is the new one that the slot was emptied
	 * for.
	 * @param slot the slot
	 * @return the generation
	 */
	int generationFor(Slot slot) {
		RestartOperation running = running();
		if (running != null && (running.isProven() || this.settings.restart().surge() == 0)) {
			return running.generation();
		}
		return slot.generation();
	}

	/**
	 * Tells whether a worker keeps its slot from being filled. In a restart without surge
	 * even one that leaves in peace does: it has to go without more memory than before.
	 * @param worker the worker
	 * @return whether its slot is full
	 */
	boolean occupies(WorkerHandle worker) {
		return worker.holdsSlot() || (running() != null && this.settings.restart().surge() == 0);
	}

	/**
	 * Tells whether there may be one process more. While a restart runs, there may be no
	 * more than wanted and its surge, whatever else ends meanwhile.
	 * @return whether a worker may be forked
	 */
	boolean hasRoom() {
		return running() == null || this.workers.size() < this.slots.size() + this.settings.restart().surge();
	}

	void ready(WorkerHandle worker) {
		this.provenGeneration = Math.max(this.provenGeneration, worker.generation());
		RestartOperation running = running();
		if (running != null && running.generation() == worker.generation()) {
			running.prove();
		}
	}

	void advance() {
		RestartOperation running = running();
		if (running == null) {
			return;
		}
		int replaced = 0;
		for (Slot slot : this.slots) {
			if (isReplaced(slot, running.generation())) {
				replaced++;
			}
		}
		if (replaced > running.status().replaced()) {
			running.progress(replaced);
			logger.info("Rolling restart %s has replaced %d of %d workers".formatted(running.id(), replaced,
					this.slots.size()));
			this.events.publish(new RollingRestartProgressedEvent(running.status()));
		}
		if (replaced == this.slots.size()) {
			complete(running);
		}
		else if (this.thread.nanoTime() >= running.deadline()) {
			abort("it was not done within %d s".formatted(this.settings.restart().timeout().toSeconds()), List.of());
		}
		else if (this.settings.restart().surge() == 0) {
			stepInPlace(running.generation());
		}
		else {
			step(running.generation());
		}
	}

	/**
	 * Drains the old worker of a slot whose new one is ready, and tells whether that is
	 * all done.
	 * @param slot the slot
	 * @param generation the new generation
	 * @return whether only the new generation is left in the slot
	 */
	private boolean isReplaced(Slot slot, int generation) {
		List<WorkerHandle> all = this.workers.in(slot).toList();
		if (all.stream().noneMatch((worker) -> worker.isReady() && worker.generation() == generation)) {
			return false;
		}
		List<WorkerHandle> old = all.stream().filter((worker) -> worker.generation() != generation).toList();
		old.stream()
			.filter(WorkerHandle::isStaying)
			.forEach((worker) -> this.workforce.drain(worker, "replaced by generation " + generation));
		return old.isEmpty();
	}

	/**
	 * Begins to replace the next worker, if the number of processes allows it.
	 * @param generation the new generation
	 */
	private void step(int generation) {
		for (Slot slot : this.slots) {
			List<WorkerHandle> staying = this.workers.in(slot).filter(WorkerHandle::isStaying).toList();
			if (staying.stream().anyMatch((worker) -> worker.generation() == generation)) {
				continue;
			}
			if (hasRoom() && mayStartAnother()) {
				this.workforce.fork(slot, generation);
			}
			if (running() == null) {
				return;
			}
		}
	}

	/**
	 * Begins to replace the next worker with no more processes than before: what is empty
	 * is filled before more is emptied.
	 * @param generation the new generation
	 */
	private void stepInPlace(int generation) {
		if (this.workers.count((worker) -> !worker.isReady()) > 0) {
			return;
		}
		for (Slot slot : this.slots) {
			if (this.workers.in(slot).findAny().isEmpty()) {
				this.workforce.fork(slot, generation);
				return;
			}
		}
		this.slots.stream()
			.flatMap(this.workers::in)
			.filter((worker) -> worker.generation() != generation)
			.findFirst()
			.ifPresent((worker) -> this.workforce.drain(worker, "makes room for generation " + generation));
	}

	private boolean mayStartAnother() {
		return this.workers.count(WorkerHandle::isStarting) < this.parallelStarts;
	}

	private void complete(RestartOperation running) {
		running.complete(this.thread.now());
		logger
			.info("Rolling restart %s is complete: generation %d serves".formatted(running.id(), running.generation()));
		this.events.publish(new RollingRestartCompletedEvent(running.status()));
		this.listeners.closeUnused();
	}

	/**
	 * Gives the running restart up, if there is one. New workers that are not ready are
	 * ended, unless their slot would be empty without them; what is ready stays.
	 * @param reason why
	 * @param lastLines the last lines of the worker that failed
	 */
	void abort(String reason, List<String> lastLines) {
		RestartOperation running = running();
		if (running == null) {
			return;
		}
		running.abort(this.thread.now(), reason, lastLines);
		logger
			.error("Rolling restart %s is aborted, workers not yet replaced go on: %s".formatted(running.id(), reason));
		this.events.publish(new RollingRestartAbortedEvent(running.status()));
		for (WorkerHandle worker : this.workers.all()) {
			if (worker.isStarting() && worker.generation() == running.generation()
					&& !(running.isProven() && isAlone(worker))) {
				this.workforce.dismiss(worker, "its rolling restart was aborted");
			}
		}
	}

	private boolean isAlone(WorkerHandle worker) {
		return this.workers
			.count((other) -> other != worker && other.slot() == worker.slot() && other.isStaying()) == 0;
	}

}
