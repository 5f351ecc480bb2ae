package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Replaces workers that have served long enough, or that somebody wants to be replaced,
 * by ones like them, one after another: one step of each of the supervisor's turns, on
 * its thread. It begins with one only while nothing else starts or leaves, and gives way
 * to a rolling restart, which replaces all.
 */
final class Recycler {

	private static final Log logger = LogFactory.getLog(Recycler.class);

	private final LiveSettings settings;

	private final List<Slot> slots;

	private final WorkerPool workers;

	private final DoubleSupplier random;

	private final Map<WorkerHandle, String> requested = new LinkedHashMap<>();

	private @Nullable Recycle running;

	/**
	 * Creates a recycler.
	 * @param random draws numbers from 0 to below 1
	 */
	Recycler(LiveSettings settings, List<Slot> slots, WorkerPool workers, DoubleSupplier random) {
		this.settings = settings;
		this.slots = slots;
		this.workers = workers;
		this.random = random;
	}

	void ready(WorkerHandle worker) {
		worker.limitRequests(this.settings.recycle().requestLimit(this.random.getAsDouble()));
	}

	/**
	 * Replaces a worker as soon as nothing else starts or leaves.
	 * @param reason a phrase
	 */
	void request(WorkerHandle worker, String reason) {
		this.requested.put(worker, reason);
	}

	/**
	 * Tells whether a worker that leaves keeps its slot from being filled, as it does
	 * where there is no memory for both it and its replacement.
	 */
	boolean occupies(WorkerHandle worker) {
		Recycle current = this.running;
		return current != null && isInPlace() && current.old() == worker;
	}

	private boolean isInPlace() {
		return this.settings.restart().isInPlace();
	}

	/**
	 * Leaves the field to a rolling restart. What was begun and is not ready is ended: it
	 * would be replaced at once.
	 */
	void yield() {
		Recycle current = this.running;
		if (current == null) {
			return;
		}
		WorkerHandle replacement = current.replacement();
		if (replacement != null && replacement.isStarting()) {
			this.workers.dismiss(replacement, "a rolling restart replaces what it was to replace");
		}
		else {
			drainOld(current);
		}
		this.running = null;
	}

	void advance(long now) {
		Recycle current = this.running;
		if (current != null) {
			drainOld(current);
			if (isOver(current)) {
				this.running = null;
				if (this.requested.remove(current.old()) != null && current.old().isStaying()) {
					logger.warn("%s was not replaced: its replacement did not start".formatted(current.old()));
				}
			}
		}
		this.requested.keySet().removeIf((worker) -> !worker.isStaying());
		boolean wanted = !this.settings.recycle().isOff() || !this.requested.isEmpty();
		if (this.running == null && wanted && isQuiet()) {
			this.slots.stream()
				.filter((slot) -> slot.mayFork(now))
				.flatMap(this.workers::in)
				.filter((worker) -> !worker.pulse().isSuspected())
				.filter((worker) -> reason(worker, now).isPresent())
				.findFirst()
				.ifPresent((worker) -> begin(worker, reason(worker, now).orElseThrow()));
		}
	}

	/**
	 * Tells whether every worker is ready, and every slot that can be filled is.
	 */
	private boolean isQuiet() {
		return this.workers.count(WorkerHandle::isReady) == this.workers.size() && this.slots.stream()
			.allMatch((slot) -> slot.isSuppressed() || this.workers.in(slot).findAny().isPresent());
	}

	/**
	 * Tells why a worker is to be replaced. Too much memory is no reason before it has
	 * served for a while: where the maximum is too low for any worker, one would be
	 * replaced after the other without end.
	 * @return a phrase, or empty if it is to go on
	 */
	private Optional<String> reason(WorkerHandle worker, long now) {
		String request = this.requested.get(worker);
		if (request != null) {
			return Optional.of(request);
		}
		Duration served = Duration.ofNanos(now - worker.readySince());
		boolean settled = served.compareTo(this.settings.respawn().healthyAfter()) >= 0;
		return this.settings.recycle()
			.reason(worker.requestLimit(), worker.vitals(), served, settled ? worker.memory() : null);
	}

	private void begin(WorkerHandle old, String reason) {
		logger.info("%s is being %s".formatted(old, reason));
		if (isInPlace()) {
			this.running = new Recycle(old, null, reason);
			this.workers.drain(old, reason);
			return;
		}
		Slot slot = this.slots.stream().filter((candidate) -> candidate.isOf(old)).findFirst().orElseThrow();
		WorkerHandle replacement = this.workers.fork(slot, old.generation());
		if (replacement != null) {
			this.running = new Recycle(old, replacement, reason);
		}
	}

	private void drainOld(Recycle current) {
		WorkerHandle replacement = current.replacement();
		if (replacement != null && replacement.isReady() && current.old().isStaying()) {
			this.workers.drain(current.old(), current.reason());
		}
	}

	private static boolean isOver(Recycle current) {
		WorkerHandle replacement = current.replacement();
		return current.old().isGone() || (replacement != null && replacement.isGone() && current.old().isStaying());
	}

	/**
	 * One replacement that runs.
	 *
	 * @param replacement what replaces it, or {@code null} if it has to go first
	 */
	private record Recycle(WorkerHandle old, @Nullable WorkerHandle replacement, String reason) {

	}

}
