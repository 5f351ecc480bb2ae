package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.RestartInProgressException;
import io.github.bootcluster.RollingRestart;
import io.github.bootcluster.WorkerExit;
import io.github.bootcluster.event.RollingRestartAbortedEvent;
import io.github.bootcluster.event.RollingRestartCompletedEvent;
import io.github.bootcluster.event.RollingRestartProgressedEvent;
import io.github.bootcluster.event.RollingRestartStartedEvent;
import io.github.bootcluster.wire.Frame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The supervisor's rolling restart, from its beginning to its end: one step of each of
 * the supervisor's turns, on its thread. Which worker is replaced next is told by
 * {@link Replacement}.
 * <p>
 * A restart that is aborted after it has changed a group is followed by a
 * {@link Rollback}, which takes the same steps.
 */
final class Restarter {

	private static final Log logger = LogFactory.getLog(Restarter.class);

	private final LiveSettings settings;

	private final Generations generations;

	private final SlotTable slots;

	private final WorkerPool workers;

	private final MasterEvents events;

	private final EventThread thread;

	private final Replacement replacement;

	private @Nullable RestartOperation last;

	private int lastGeneration = 1;

	private final ProvenGenerations proven;

	private final Rollback rollback;

	Restarter(LiveSettings settings, Generations generations, SlotTable slots, WorkerPool workers, MasterEvents events,
			EventThread thread) {
		this.settings = settings;
		this.generations = generations;
		this.slots = slots;
		this.workers = workers;
		this.events = events;
		this.thread = thread;
		this.proven = new ProvenGenerations(slots.groups());
		this.rollback = new Rollback(settings, slots, workers, this.proven, thread);
		this.replacement = new Replacement(settings, slots.all(), workers);
	}

	@Nullable RollingRestart last() {
		return this.last;
	}

	int generation() {
		return this.proven.newest();
	}

	int generation(String group) {
		return this.proven.of(group);
	}

	private @Nullable RestartOperation running() {
		return (this.last != null && this.last.isRunning()) ? this.last : this.rollback.running();
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
			running.resize(this.slots.of(running).size(), replaced(running));
		}
	}

	/**
	 * Begins a restart, whose generation has to be prepared next. The group of a worker
	 * in which somebody waits for its end comes last, as that worker does. A rollback is
	 * cancelled if the restart takes in all of its groups.
	 */
	RestartOperation begin(List<String> groups, @Nullable WorkerHandle waiter) {
		RestartOperation running = running();
		if (running != null && !(running.isRollback() && groups.containsAll(running.groups()))) {
			throw new RestartInProgressException(running.id());
		}
		if (running != null) {
			this.rollback.cancel(running);
		}
		WorkerHandle last = (waiter != null && groups.contains(waiter.group()) && mayBeLast(waiter)) ? waiter : null;
		Map<String, Integer> earlier = new LinkedHashMap<>();
		groups.stream()
			.sorted(Comparator.comparing((group) -> last != null && last.group().equals(group)))
			.forEach((group) -> earlier.put(group, this.proven.of(group)));
		int total = groups.stream().mapToInt((group) -> this.slots.in(group).size()).sum();
		RestartOperation operation = new RestartOperation(UUID.randomUUID().toString(), ++this.lastGeneration, earlier,
				total, this.thread.now(), this.thread.nanoTime() + this.settings.restart().timeout().toNanos());
		operation.awaitIn(last);
		this.last = operation;
		this.events.publish(new RollingRestartStartedEvent(operation.status()));
		return operation;
	}

	/**
	 * Tells whether a worker can wait for the end of a restart. In a slot that can have
	 * one worker only its successor comes after that, so another one has to try the new
	 * generation.
	 */
	private boolean mayBeLast(WorkerHandle waiter) {
		return !this.settings.restart().exclusiveSlots() || this.slots.in(waiter.group()).size() > 1;
	}

	/**
	 * Returns when the running restart's time is up.
	 */
	long deadline() {
		RestartOperation running = running();
		return (running != null) ? running.deadline() : Long.MAX_VALUE;
	}

	/**
	 * Goes on once the new generation can be forked, or not.
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

	boolean isBringingUp(String group, int generation) {
		RestartOperation running = running();
		return running != null && running.concerns(group) && running.generation(group) == generation;
	}

	/**
	 * Takes note of a worker of the generation that is brought up, which has not become
	 * ready. A restart is given up; a rollback goes on for as long as an empty slot would
	 * be filled, as its generation has worked before.
	 */
	void failed(ClusterWorker worker, String reason, List<String> lastLines) {
		RestartOperation running = running();
		if (running != null && running.isRollback() && this.settings.respawn().delay(running.failed()).isPresent()) {
			this.slots.vacate(worker, true);
		}
		else {
			abort("worker %d %s".formatted(worker.id(), reason), lastLines);
		}
	}

	int generationFor(Slot slot) {
		RestartOperation running = running();
		return (running != null && running.concerns(slot.group())) ? this.replacement.generationFor(slot, running)
				: slot.generation();
	}

	Set<Integer> generations() {
		RestartOperation running = running();
		if (running == null) {
			return this.proven.and(this.proven.newest());
		}
		Set<Integer> needed = new HashSet<>(this.proven.and(running.generation()));
		needed.addAll(running.earlier().values());
		return needed;
	}

	boolean occupies(WorkerHandle worker) {
		RestartOperation running = running();
		return worker.holdsSlot() || this.settings.restart().exclusiveSlots()
				|| (running != null && this.replacement.occupies(worker, running));
	}

	boolean hasRoom() {
		RestartOperation running = running();
		return running == null || this.replacement.hasRoom(running);
	}

	void ready(WorkerHandle worker) {
		RestartOperation running = running();
		if (running == null || running.generation(worker.group()) != worker.generation()
				|| running.isProven(worker.group())) {
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
			logger.info("%s is the canary and is observed for %d s".formatted(worker,
					this.settings.restart().soak().toSeconds()));
		}
	}

	private void trust(WorkerHandle worker) {
		this.proven.add(worker.group(), worker.generation());
		this.slots.all()
			.stream()
			.filter((slot) -> slot.isOf(worker))
			.forEach((slot) -> slot.occupied(worker.generation()));
	}

	boolean isCanary(WorkerHandle worker) {
		RestartOperation running = running();
		Canary canary = (running != null) ? running.canary() : null;
		return canary != null && canary.worker() == worker;
	}

	/**
	 * Gives the restart up whose canary has ended. One that was not wanted any more, as
	 * there are to be fewer workers, says nothing: another one is tried.
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
		if (running.isRunning() && this.slots.of(running).isEmpty()) {
			abort("no worker is wanted any more", List.of());
		}
		else if (running.isRunning() && running.isOverdue(this.thread.nanoTime())) {
			timeIsUp(running);
		}
		else if (running.isRunning() && running.isPrepared() && running.canary() == null) {
			step(running);
		}
		if (!running.isRunning() && isRunning()) {
			// Nothing else would come of the rollback that has begun
			advance();
		}
	}

	/**
	 * Ends a restart that has taken too long where that leaves no group with two
	 * generations; what has begun is finished first.
	 */
	private void timeIsUp(RestartOperation running) {
		Duration timeout = this.settings.restart().timeout();
		if (this.replacement.isOnlyDraining(this.slots.of(running), running)) {
			// The new generation serves: what drains ends in its own time
			complete(running);
		}
		else if (!running.isExtended() && this.replacement.isMidway(running)) {
			running.extend(timeout);
			logger.warn(("%s %s is not done within %d s (cluster.restart.timeout): the group of workers "
					+ "that it has begun to replace is finished, no other one is begun")
				.formatted(running.isRollback() ? "Rollback of rolling restart" : "Rolling restart", running.id(),
						timeout.toSeconds()));
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
			this.replacement.step(running, this.thread.nanoTime());
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
		List<Slot> concerned = this.slots.of(running);
		concerned.stream()
			.filter((slot) -> running.isProven(slot.group()))
			.forEach((slot) -> replace(this.replacement.due(slot, running).toList(), running));
		int replaced = replaced(running);
		if (replaced > running.status().replaced()) {
			running.progress(replaced);
			if (!running.isRollback()) {
				this.events.publish(new RollingRestartProgressedEvent(running.status()));
			}
		}
		if (replaced == concerned.size() && replaced > 0) {
			complete(running);
		}
	}

	private int replaced(RestartOperation running) {
		return (int) this.slots.of(running)
			.stream()
			.filter((slot) -> running.isProven(slot.group()) && this.replacement.isReplaced(slot, running))
			.count();
	}

	private void complete(RestartOperation running) {
		if (running.isRollback()) {
			this.rollback.complete(running);
			closeUnused(running, List.of());
			return;
		}
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
			.filter((worker) -> worker.isStaying() && worker.generation() != running.generation(worker.group())
					&& running.concerns(worker.group()) && !running.isAwaitedIn(worker))
			.allMatch(leaving::contains);
	}

	private void closeUnused(RestartOperation running, List<WorkerHandle> leaving) {
		this.workers.closeUnusedListeners(Set.copyOf(running.groups()),
				(worker) -> worker.isStaying() && !leaving.contains(worker));
	}

	/**
	 * Gives the running restart up, if there is one. New workers that are not ready are
	 * ended, unless their slot would be empty without them; what is ready is drained if
	 * it is not trusted. Groups that it would leave with another generation than before
	 * are rolled back.
	 */
	void abort(String reason, List<String> lastLines) {
		RestartOperation running = running();
		if (running == null) {
			return;
		}
		if (running.isRollback()) {
			this.rollback.fail(running, reason);
			return;
		}
		Map<String, Integer> changed = this.rollback.targets(running);
		List<Integer> lost = changed.values()
			.stream()
			.filter((generation) -> !this.generations.isKept(generation))
			.distinct()
			.toList();
		if (changed.isEmpty()) {
			abort(running, reason, lastLines, changed);
		}
		else if (lost.isEmpty()) {
			abort(running, reason + "; " + Rollback.describe(changed, "is rolled back to generation"), lastLines,
					changed);
			this.rollback.begin(running, reason, changed);
		}
		else {
			abort(running, "%s; there is no copy of generation %s to go back to, so that %s".formatted(reason,
					Rollback.join(lost), this.rollback.describeMix(changed.keySet())), lastLines, Map.of());
		}
	}

	private void abort(RestartOperation running, String reason, List<String> lastLines, Map<String, Integer> changed) {
		running.abort(this.thread.now(), reason, lastLines);
		this.events.publish(new RollingRestartAbortedEvent(running.status()));
		for (WorkerHandle worker : this.workers.all()) {
			if (worker.generation() != running.generation()) {
				continue;
			}
			boolean needed = running.isProven(worker.group()) && this.workers.isAlone(worker)
					&& !changed.containsKey(worker.group());
			if (worker.isStarting() && !needed) {
				this.workers.dismiss(worker, "its rolling restart was aborted");
			}
			else if (worker.isReady() && !running.isProven(worker.group())) {
				this.workers.drain(worker, "its rolling restart was aborted");
			}
		}
		WorkerHandle waiter = running.waiter();
		if (waiter != null && waiter.isStaying() && !this.workers.isAlone(waiter)
				&& waiter.generation() != changed.getOrDefault(waiter.group(), 0)) {
			// Its successor, which is trusted, has come beside it already
			this.replacement.replace(waiter, running);
		}
		if (changed.isEmpty() && this.slots.of(running)
			.stream()
			.allMatch((slot) -> this.workers.in(slot).anyMatch((worker) -> worker.isStaying() && worker.isReady()))) {
			// Where only the generation listened that is gone
			closeUnused(running, List.of());
		}
	}

	void stop() {
		RestartOperation running = running();
		if (running != null && running.isRollback()) {
			this.rollback.stop(running);
		}
		else if (running != null) {
			abort(running, "the cluster is shutting down", List.of(), Map.of());
		}
	}

}
