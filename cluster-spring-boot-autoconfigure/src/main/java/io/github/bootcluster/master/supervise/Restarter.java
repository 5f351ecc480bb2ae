package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.WorkerExit;
import io.github.bootcluster.event.RollingRestartAbortedEvent;
import io.github.bootcluster.event.RollingRestartCompletedEvent;
import io.github.bootcluster.event.RollingRestartProgressedEvent;
import io.github.bootcluster.event.RollingRestartStartedEvent;
import io.github.bootcluster.master.listen.Listeners;
import io.github.bootcluster.wire.Frame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor's rolling restart, from its beginning to its end: one step of each of
 * the supervisor's turns, on its thread. Which worker is replaced next is told by
 * {@link Replacement}.
 */
final class Restarter {

	private static final Log logger = LogFactory.getLog(Restarter.class);

	private final LiveSettings settings;

	private final SlotTable slots;

	private final WorkerPool workers;

	private final Listeners listeners;

	private final MasterEvents events;

	private final EventThread thread;

	private final Replacement replacement;

	private @Nullable RestartOperation last;

	private int lastGeneration = 1;

	private final ProvenGenerations proven;

	Restarter(LiveSettings settings, SlotTable slots, WorkerPool workers, Listeners listeners, MasterEvents events,
			EventThread thread) {
		this.settings = settings;
		this.slots = slots;
		this.workers = workers;
		this.listeners = listeners;
		this.events = events;
		this.thread = thread;
		this.proven = new ProvenGenerations(slots.groups());
		this.replacement = new Replacement(settings, slots.all(), workers);
	}

	@Nullable RollingRestart last() {
		return this.last;
	}

	/**
	 * Returns the newest generation that has proved itself.
	 * @return the generation
	 */
	int generation() {
		return this.proven.newest();
	}

	/**
	 * Returns the newest generation that has proved itself in a group.
	 * @param group the group
	 * @return the generation
	 */
	int generation(String group) {
		return this.proven.of(group);
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
			running.resize(concerned(running).size(), replaced(running));
		}
	}

	private List<Slot> concerned(RestartOperation restart) {
		return this.slots.all().stream().filter((slot) -> restart.concerns(slot.group())).toList();
	}

	/**
	 * Begins a restart, whose generation has to be prepared next. The group of a worker
	 * in which somebody waits for its end comes last, as that worker does.
	 * @param groups the groups whose workers are replaced
	 * @param waiter the worker in which somebody waits for its end, or {@code null}
	 * @return the restart
	 */
	RestartOperation begin(List<String> groups, @Nullable WorkerHandle waiter) {
		RestartOperation running = running();
		if (running != null) {
			throw new RestartInProgressException(running.id());
		}
		WorkerHandle last = (waiter != null && groups.contains(waiter.group()) && mayBeLast(waiter)) ? waiter : null;
		List<String> order = groups.stream()
			.sorted(Comparator.comparing((group) -> last != null && last.group().equals(group)))
			.toList();
		int total = order.stream().mapToInt((group) -> this.slots.in(group).size()).sum();
		RestartOperation operation = new RestartOperation(UUID.randomUUID().toString(), ++this.lastGeneration, order,
				total, this.thread.now(), this.thread.nanoTime() + this.settings.restart().timeout().toNanos(), last);
		this.last = operation;
		this.events.publish(new RollingRestartStartedEvent(operation.status()));
		return operation;
	}

	/**
	 * Tells whether a worker can wait for the end of a restart. In a slot that can have
	 * one worker only its successor comes after that, so another one has to try the new
	 * generation.
	 * @param waiter the worker
	 * @return whether its answer can be waited for
	 */
	private boolean mayBeLast(WorkerHandle waiter) {
		return !this.settings.restart().exclusiveSlots() || this.slots.in(waiter.group()).size() > 1;
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

	int generationFor(Slot slot) {
		RestartOperation running = running();
		return (running != null && running.concerns(slot.group())) ? this.replacement.generationFor(slot, running)
				: slot.generation();
	}

	/**
	 * Returns the generations that are needed whatever the workers run.
	 * @return the newest one that has proved itself in each group, and the one that is
	 * brought up
	 */
	Set<Integer> generations() {
		RestartOperation running = running();
		return this.proven.and((running != null) ? running.generation() : this.proven.newest());
	}

	/**
	 * Tells whether a worker keeps its slot from being filled.
	 * @param worker the worker
	 * @return whether its slot is full
	 */
	boolean occupies(WorkerHandle worker) {
		RestartOperation running = running();
		return worker.holdsSlot() || this.settings.restart().exclusiveSlots()
				|| (running != null && this.replacement.occupies(worker, running));
	}

	/**
	 * Tells whether there may be one process more.
	 * @return whether a worker may be forked
	 */
	boolean hasRoom() {
		RestartOperation running = running();
		return running == null || this.replacement.hasRoom(running);
	}

	/**
	 * Takes note of a worker that became ready.
	 * @param worker the worker
	 */
	void ready(WorkerHandle worker) {
		RestartOperation running = running();
		if (running == null || running.generation() != worker.generation() || running.isProven(worker.group())) {
			trust(worker);
		}
		else if (this.settings.restart().soak().isZero()) {
			running.prove(worker.group());
			trust(worker);
		}
		else {
			long now = this.thread.nanoTime();
			List<WorkerHandle> old = this.workers.all()
				.stream()
				.filter((other) -> other.isReady() && other.generation() != running.generation()
						&& other.group().equals(worker.group()))
				.toList();
			running.watch(new Canary(worker, old, now + this.settings.restart().soak().toNanos(), now));
			logger
				.info("%s has to prove itself for %d s".formatted(worker, this.settings.restart().soak().toSeconds()));
		}
	}

	private void trust(WorkerHandle worker) {
		this.proven.add(worker.group(), worker.generation());
		this.slots.all()
			.stream()
			.filter((slot) -> slot.isOf(worker))
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
		count(running);
		if (running.isRunning() && concerned(running).isEmpty()) {
			abort("no worker is wanted any more", List.of());
		}
		else if (running.isRunning() && running.isOverdue(this.thread.nanoTime())) {
			timeIsUp(running);
		}
		else if (running.isRunning() && running.isPrepared() && running.canary() == null) {
			step(running);
		}
	}

	/**
	 * Ends a restart that has taken too long where that leaves no group with two
	 * generations; what has begun is finished first.
	 * @param running the restart
	 */
	private void timeIsUp(RestartOperation running) {
		Duration timeout = this.settings.restart().timeout();
		if (this.replacement.isOnlyDraining(concerned(running), running)) {
			// The new generation serves: what drains ends in its own time
			complete(running);
		}
		else if (!running.isExtended() && this.replacement.isMidway(running)) {
			running.extend(timeout);
			logger.warn(("Rolling restart %s is not done within %d s (cluster.restart.timeout): the group of workers "
					+ "that it has begun to replace is finished, no other one is begun")
				.formatted(running.id(), timeout.toSeconds()));
			step(running);
		}
		else {
			abortLate();
		}
	}

	private void step(RestartOperation running) {
		if (running.isExtended() && !this.replacement.isMidway(running)) {
			abortLate();
		}
		else {
			this.replacement.step(running);
		}
	}

	private void abortLate() {
		abort("it was not done within %d s".formatted(this.settings.restart().timeout().toSeconds()), List.of());
	}

	private void watch(RestartOperation running, Canary canary) {
		long now = this.thread.nanoTime();
		Optional<String> complaint = canary.watch(now);
		if (complaint.isPresent()) {
			abort("worker %d %s".formatted(canary.worker().id(), complaint.get()),
					canary.worker().process().lastLines());
		}
		else if (canary.isProven(now)) {
			running.prove(canary.worker().group());
			trust(canary.worker());
		}
	}

	private void count(RestartOperation running) {
		List<Slot> concerned = concerned(running);
		concerned.stream()
			.filter((slot) -> running.isProven(slot.group()))
			.forEach((slot) -> replace(this.replacement.due(slot, running).toList(), running));
		int replaced = replaced(running);
		if (replaced > running.status().replaced()) {
			running.progress(replaced);
			this.events.publish(new RollingRestartProgressedEvent(running.status()));
		}
		if (replaced == concerned.size() && replaced > 0) {
			complete(running);
		}
	}

	private int replaced(RestartOperation running) {
		return (int) concerned(running).stream()
			.filter((slot) -> running.isProven(slot.group()) && this.replacement.isReplaced(slot, running))
			.count();
	}

	private void complete(RestartOperation running) {
		running.complete(this.thread.now());
		this.events.publish(new RollingRestartCompletedEvent(running.status()));
		WorkerHandle waiter = running.waiter();
		if (waiter != null) {
			this.slots.all()
				.stream()
				.filter((slot) -> slot.isOf(waiter))
				.forEach((slot) -> slot.occupied(running.generation()));
		}
		replace((waiter != null && waiter.isStaying()) ? List.of(waiter) : List.of(), running);
		closeUnused(running, List.of());
	}

	private void replace(List<WorkerHandle> leaving, RestartOperation running) {
		if (!leaving.isEmpty()) {
			if (isLastOfTheOld(leaving, running)) {
				// What is queued where the new generation does not listen is for them
				closeUnused(running, leaving);
			}
			leaving.forEach((worker) -> this.replacement.replace(worker, running));
		}
	}

	private boolean isLastOfTheOld(List<WorkerHandle> leaving, RestartOperation running) {
		return this.workers.all()
			.stream()
			.filter((worker) -> worker.isStaying() && worker.generation() != running.generation()
					&& running.concerns(worker.group()) && !running.isAwaitedIn(worker))
			.allMatch(leaving::contains);
	}

	private void closeUnused(RestartOperation running, List<WorkerHandle> leaving) {
		this.listeners.closeUnused(Set.copyOf(running.groups()),
				this.workers.all()
					.stream()
					.filter((worker) -> worker.isStaying() && !leaving.contains(worker))
					.map(WorkerHandle::id)
					.collect(Collectors.toUnmodifiableSet()));
	}

	/**
	 * Tells which groups keep what a restart has brought them that is given up in another
	 * one.
	 * @param running the restart
	 * @return a phrase to go on after the reason, empty if there are none
	 */
	private String done(RestartOperation running) {
		List<String> done = running.groups()
			.stream()
			.filter((group) -> running.isProven(group)
					&& this.slots.in(group).stream().allMatch((slot) -> this.replacement.isReplaced(slot, running)))
			.toList();
		return (done.isEmpty() || running.groups().size() == 1) ? ""
				: "; generation %d stays in group %s".formatted(running.generation(), String.join(", ", done));
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
		running.abort(this.thread.now(), reason + done(running), lastLines);
		this.events.publish(new RollingRestartAbortedEvent(running.status()));
		for (WorkerHandle worker : this.workers.all()) {
			if (worker.generation() != running.generation()
					|| (running.isProven(worker.group()) && this.workers.isAlone(worker))) {
				continue;
			}
			if (worker.isStarting()) {
				this.workers.dismiss(worker, "its rolling restart was aborted");
			}
			else if (worker.isReady() && !running.isProven(worker.group())) {
				this.workers.drain(worker, "its rolling restart was aborted");
			}
		}
		WorkerHandle waiter = running.waiter();
		if (waiter != null && waiter.isStaying() && !this.workers.isAlone(waiter)) {
			// Its successor, which is trusted, has come beside it already
			this.replacement.replace(waiter, running);
		}
		if (concerned(running).stream()
			.allMatch((slot) -> this.workers.in(slot).anyMatch((worker) -> worker.isStaying() && worker.isReady()))) {
			// Where only the generation listened that is gone
			closeUnused(running, List.of());
		}
	}

}
