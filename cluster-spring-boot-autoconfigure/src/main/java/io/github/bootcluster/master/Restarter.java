package io.github.bootcluster.master;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.RollingRestartAbortedEvent;
import io.github.bootcluster.RollingRestartCompletedEvent;
import io.github.bootcluster.RollingRestartProgressedEvent;
import io.github.bootcluster.RollingRestartStartedEvent;
import io.github.bootcluster.WorkerExit;
import io.github.bootcluster.wire.Frame;
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

	/**
	 * Begins a restart, whose generation has to be prepared next.
	 * @param unavailable whether there can be none
	 * @param waiter the worker in which somebody waits for its end, or {@code null}
	 * @return the restart
	 */
	RestartOperation begin(boolean unavailable, @Nullable WorkerHandle waiter) {
		if (unavailable) {
			throw new ClusterUnavailableException("The cluster is starting or shutting down");
		}
		RestartOperation running = running();
		if (running != null) {
			throw new RestartInProgressException(running.id());
		}
		RestartOperation operation = new RestartOperation(UUID.randomUUID().toString(), ++this.lastGeneration,
				this.slots.size(), this.thread.now(),
				this.thread.nanoTime() + this.settings.restart().timeout().toNanos(), waiter);
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

	/**
	 * Goes on once the new generation can be forked, or not.
	 * @param operation the restart
	 * @param failure what is wrong with the application, or {@code null}
	 */
	void prepared(RestartOperation operation, @Nullable Throwable failure) {
		if (!operation.isRunning()) {
			return;
		}
		if (failure != null) {
			abort(String.valueOf(failure.getMessage()), List.of());
		}
		else {
			operation.prepared();
		}
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
		if (running != null
				&& (running.isProven() || (running.isPrepared() && isInPlace() && !isOnTrial(running.generation())))) {
			return running.generation();
		}
		return slot.generation();
	}

	/**
	 * Returns the generations that are needed whatever the workers run.
	 * @return the newest one that has proved itself, and the one that is brought up
	 */
	Set<Integer> generations() {
		RestartOperation running = running();
		return (running != null && running.generation() != this.provenGeneration)
				? Set.of(this.provenGeneration, running.generation()) : Set.of(this.provenGeneration);
	}

	private boolean isInPlace() {
		return this.settings.restart().surge() == 0;
	}

	/**
	 * Tells whether a worker that keeps others of its generation from being forked is
	 * there.
	 * @param generation the generation
	 * @return whether it has to prove itself first
	 */
	private boolean isOnTrial(int generation) {
		return !this.settings.restart().soak().isZero()
				&& this.workers.count((worker) -> worker.isStaying() && worker.generation() == generation) > 0;
	}

	/**
	 * Tells whether a worker keeps its slot from being filled. In a restart without surge
	 * even one that leaves in peace does: it has to go without more memory than before.
	 * @param worker the worker
	 * @return whether its slot is full
	 */
	boolean occupies(WorkerHandle worker) {
		RestartOperation running = running();
		return worker.holdsSlot()
				|| (running != null && running.isPrepared() && isInPlace() && !running.isAwaitedIn(worker));
	}

	/**
	 * Tells whether there may be one process more. While a restart runs, there may be no
	 * more than wanted and its surge, whatever else ends meanwhile.
	 * @return whether a worker may be forked
	 */
	boolean hasRoom() {
		RestartOperation running = running();
		if (running == null) {
			return true;
		}
		int processes = this.workers.count((worker) -> worker.isStaying() || !running.isAwaitedIn(worker));
		return processes < this.slots.size() + this.settings.restart().surge();
	}

	/**
	 * Takes note of a worker that became ready.
	 * @param worker the worker
	 */
	void ready(WorkerHandle worker) {
		RestartOperation running = running();
		if (running == null || running.generation() != worker.generation() || running.isProven()) {
			trust(worker);
		}
		else if (this.settings.restart().soak().isZero()) {
			running.prove();
			trust(worker);
		}
		else {
			long now = this.thread.nanoTime();
			List<WorkerHandle> old = this.workers.all()
				.stream()
				.filter((other) -> other.isReady() && other.generation() != running.generation())
				.toList();
			running.watch(new Canary(worker, old, now + this.settings.restart().soak().toNanos(), now));
			logger
				.info("%s has to prove itself for %d s".formatted(worker, this.settings.restart().soak().toSeconds()));
		}
	}

	private void trust(WorkerHandle worker) {
		this.provenGeneration = Math.max(this.provenGeneration, worker.generation());
		this.slots.stream()
			.filter((slot) -> slot.number() == worker.slot())
			.forEach((slot) -> slot.occupied(worker.generation()));
	}

	/**
	 * Tells whether the new generation is judged by a worker.
	 * @param worker the worker
	 * @return whether it has been ready and is not yet trusted
	 */
	boolean isCanary(WorkerHandle worker) {
		RestartOperation running = running();
		Canary canary = (running != null) ? running.canary() : null;
		return canary != null && canary.worker() == worker;
	}

	/**
	 * Gives the restart up whose canary has ended. One that was not wanted any more, as
	 * there are to be fewer workers, says nothing: another one is tried.
	 * @param worker the canary
	 * @param exit how it ended
	 */
	void lost(WorkerHandle worker, WorkerExit exit) {
		RestartOperation running = running();
		if (exit.voluntary() && running != null) {
			running.watch(null);
		}
		else {
			abort("worker %d %s".formatted(worker.id(), exit.reason()), exit.lastLines());
		}
	}

	/**
	 * Takes note of what a worker says of its health.
	 * @param worker the worker
	 * @param health its health
	 */
	void health(WorkerHandle worker, Frame.Health health) {
		RestartOperation running = running();
		Canary canary = (running != null) ? running.canary() : null;
		if (canary != null && canary.worker() == worker) {
			canary.health(health);
		}
	}

	void advance() {
		RestartOperation running = running();
		if (running == null) {
			return;
		}
		if (running.canary() != null) {
			watch(running, running.canary());
		}
		if (running.isProven()) {
			count(running);
		}
		if (running.isRunning() && running.isOverdue(this.thread.nanoTime())) {
			abort("it was not done within %d s".formatted(this.settings.restart().timeout().toSeconds()), List.of());
		}
		else if (running.isRunning() && running.isPrepared() && running.canary() == null) {
			if (isInPlace()) {
				stepInPlace(running);
			}
			else {
				step(running);
			}
		}
	}

	private void watch(RestartOperation running, Canary canary) {
		long now = this.thread.nanoTime();
		Optional<String> complaint = canary.watch(now);
		if (complaint.isPresent()) {
			abort("worker %d %s".formatted(canary.worker().id(), complaint.get()),
					canary.worker().process().lastLines());
		}
		else if (canary.isProven(now)) {
			running.prove();
			trust(canary.worker());
		}
	}

	private void count(RestartOperation running) {
		int replaced = 0;
		for (Slot slot : this.slots) {
			if (isReplaced(slot, running)) {
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
	}

	/**
	 * Drains the old worker of a slot whose new one is ready, and tells whether that is
	 * all done. A worker in which somebody waits for the restart is left for later.
	 * @param slot the slot
	 * @param running the restart
	 * @return whether nothing but the new generation is left to wait for in the slot
	 */
	private boolean isReplaced(Slot slot, RestartOperation running) {
		List<WorkerHandle> all = this.workers.in(slot).toList();
		if (all.stream().noneMatch((worker) -> worker.isReady() && worker.generation() == running.generation())) {
			return false;
		}
		List<WorkerHandle> old = all.stream()
			.filter((worker) -> worker.generation() != running.generation() && !running.isAwaitedIn(worker))
			.toList();
		old.stream().filter(WorkerHandle::isStaying).forEach((worker) -> replace(worker, running));
		return old.isEmpty();
	}

	private void replace(WorkerHandle worker, RestartOperation running) {
		this.workforce.drain(worker, "replaced by generation " + running.generation());
	}

	/**
	 * Begins to replace the next worker, if the number of processes allows it.
	 * @param running the restart
	 */
	private void step(RestartOperation running) {
		int generation = running.generation();
		for (Slot slot : inOrder(running)) {
			List<WorkerHandle> staying = this.workers.in(slot).filter(WorkerHandle::isStaying).toList();
			if (staying.stream().anyMatch((worker) -> worker.generation() == generation)) {
				continue;
			}
			boolean trial = !running.isProven() && isOnTrial(generation);
			if (hasRoom() && mayStartAnother() && !trial) {
				this.workforce.fork(slot, generation);
			}
			if (running() == null) {
				return;
			}
		}
	}

	/**
	 * Returns the slots in the order in which their workers are replaced: the one in
	 * which somebody waits for the end comes last.
	 * @param running the restart
	 * @return the slots
	 */
	private List<Slot> inOrder(RestartOperation running) {
		WorkerHandle waiter = running.waiter();
		int last = (waiter != null && waiter.isStaying()) ? waiter.slot() : 0;
		return this.slots.stream().sorted(Comparator.comparing((slot) -> slot.number() == last)).toList();
	}

	/**
	 * Begins to replace the next worker with no more processes than before: what is empty
	 * is filled before more is emptied. Only a worker in which somebody waits for the end
	 * cannot go first: its successor comes beside it.
	 * @param running the restart
	 */
	private void stepInPlace(RestartOperation running) {
		if (this.workers.count((worker) -> !worker.isReady() && !running.isAwaitedIn(worker)) > 0) {
			return;
		}
		for (Slot slot : this.slots) {
			if (this.workers.in(slot).allMatch((worker) -> running.isAwaitedIn(worker) && !worker.isStaying())) {
				this.workforce.fork(slot, running.generation());
				return;
			}
		}
		Optional<WorkerHandle> next = this.slots.stream()
			.flatMap(this.workers::in)
			.filter((worker) -> worker.generation() != running.generation() && !running.isAwaitedIn(worker))
			.findFirst();
		if (next.isPresent()) {
			this.workforce.drain(next.get(), "makes room for generation " + running.generation());
			return;
		}
		this.slots.stream()
			.filter((slot) -> this.workers.in(slot).allMatch(running::isAwaitedIn))
			.findFirst()
			.ifPresent((slot) -> this.workforce.fork(slot, running.generation()));
	}

	private boolean mayStartAnother() {
		return this.workers.count(WorkerHandle::isStarting) < this.parallelStarts;
	}

	private void complete(RestartOperation running) {
		running.complete(this.thread.now());
		logger
			.info("Rolling restart %s is complete: generation %d serves".formatted(running.id(), running.generation()));
		this.events.publish(new RollingRestartCompletedEvent(running.status()));
		WorkerHandle waiter = running.waiter();
		if (waiter != null && waiter.isStaying()) {
			replace(waiter, running);
		}
		this.listeners.closeUnused();
	}

	/**
	 * Gives the running restart up, if there is one. New workers that are not ready are
	 * ended, unless their slot would be empty without them; what is ready stays if it is
	 * trusted, and is drained if it is not.
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
			if (worker.generation() != running.generation() || (running.isProven() && isAlone(worker))) {
				continue;
			}
			if (worker.isStarting()) {
				this.workforce.dismiss(worker, "its rolling restart was aborted");
			}
			else if (worker.isReady() && !running.isProven()) {
				this.workforce.drain(worker, "its rolling restart was aborted");
			}
		}
	}

	private boolean isAlone(WorkerHandle worker) {
		return this.workers
			.count((other) -> other != worker && other.slot() == worker.slot() && other.isStaying()) == 0;
	}

}
