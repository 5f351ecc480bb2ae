package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.bootcluster.WorkerVitals;
import io.github.bootcluster.master.supervise.ErrorPolicy.Tally;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * First worker of a new generation while it has to prove itself. It serves traffic like
 * the others, and is watched. It belongs to the supervisor's thread.
 */
final class Canary {

	/**
	 * How often the canary is asked for its health.
	 */
	static final Duration INTERVAL = Duration.ofSeconds(1);

	/**
	 * What comes first after the worker has become ready may have been put together
	 * before.
	 */
	private static final int REFUSALS = 2;

	private static final WorkerVitals NOTHING = new WorkerVitals(0, 0, 0, 0, true, Duration.ZERO, 0);

	private final WorkerHandle worker;

	private final Map<WorkerHandle, WorkerVitals> before = new LinkedHashMap<>();

	private final long until;

	private long nextCheck;

	private @Nullable WorkerVitals latest;

	private int refusals;

	private @Nullable String complaint;

	/**
	 * Creates a canary that has just become ready.
	 * @param until when it has proved itself
	 */
	Canary(WorkerHandle worker, List<WorkerHandle> old, long until, long now) {
		this.worker = worker;
		this.until = until;
		this.nextCheck = now;
		this.latest = worker.vitals();
		this.before.put(worker, vitals(worker));
		old.forEach((other) -> this.before.put(other, vitals(other)));
	}

	private static WorkerVitals vitals(WorkerHandle worker) {
		WorkerVitals vitals = worker.vitals();
		return (vitals != null) ? vitals : NOTHING;
	}

	WorkerHandle worker() {
		return this.worker;
	}

	long deadline() {
		// One that leaves when its time is up has not proved itself by then
		return this.worker.isReady() ? Math.min(this.until, this.nextCheck) : this.nextCheck;
	}

	/**
	 * Tells whether the worker has proved itself. One that is about to leave has not: its
	 * end will tell why.
	 */
	boolean isProven(long now) {
		return now >= this.until && this.worker.isReady();
	}

	/**
	 * Looks how the canary does, and asks for its health if it is time to.
	 * @return what is wrong with it, to go on after its name, or empty
	 */
	Optional<String> watch(long now) {
		if (now >= this.nextCheck) {
			this.nextCheck = now + INTERVAL.toNanos();
			ControlConnection connection = this.worker.connection();
			if (connection != null) {
				connection.offer(new Frame.CheckHealth());
			}
		}
		if (this.complaint == null) {
			this.complaint = complaint();
		}
		return Optional.ofNullable(this.complaint);
	}

	private @Nullable String complaint() {
		WorkerVitals vitals = this.worker.vitals();
		if (vitals != null && vitals != this.latest) {
			this.refusals = vitals.accepting() ? 0 : this.refusals + 1;
			this.latest = vitals;
		}
		if (this.refusals >= REFUSALS) {
			return "accepts no more traffic, by its readiness state";
		}
		Tally fresh = since(this.worker);
		Tally old = this.before.keySet()
			.stream()
			.filter((other) -> other != this.worker)
			.map(this::since)
			.reduce(Tally.NONE, Tally::plus);
		return ErrorPolicy.hasTooManyErrors(fresh, old)
				? "answered %d of %d requests with errors, the old generation %d of %d".formatted(fresh.errors(),
						fresh.requests(), old.errors(), old.requests())
				: null;
	}

	private Tally since(WorkerHandle worker) {
		WorkerVitals now = vitals(worker);
		WorkerVitals then = this.before.getOrDefault(worker, NOTHING);
		return new Tally(now.requests() - then.requests(), now.errors() - then.errors());
	}

	void health(Frame.Health health) {
		if (!health.up() && this.complaint == null) {
			this.complaint = "is not healthy: " + health.details();
		}
	}

}
