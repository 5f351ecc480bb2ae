package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.Comparator;

import io.github.bootcluster.event.WorkerUnresponsiveEvent;
import io.github.bootcluster.master.listen.Listeners;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Frame;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Finds the workers that hang, and has them ended: one step of each of the supervisor's
 * turns, on its thread. It watches over those that are ready; one that starts or drains
 * has a timeout of its own.
 * <p>
 * A worker that is silent for too long gets no more connections and is asked what its
 * threads do. If it speaks again before it is ended, it serves again. No more than one is
 * being ended at a time: what makes many of them hang is more likely to lie outside, and
 * to pass.
 */
final class Watchdog {

	/**
	 * How long a worker may take to tell what its threads do.
	 */
	static final Duration ANSWER_TIME = Duration.ofSeconds(5);

	private static final Log logger = LogFactory.getLog(Watchdog.class);

	/**
	 * A late look shows that the master was paused. The pause is known only to within one
	 * interval, which is short while workers start or drain, or are suspected.
	 */
	private static final Duration SHORT_TICK = Duration.ofSeconds(1);

	private static final Duration LONG_TICK = Duration.ofSeconds(5);

	private static final Duration LONGEST_LAG = Duration.ofSeconds(2);

	private static final int SHARE = 4;

	private final LiveSettings settings;

	private final WorkerPool workers;

	private final Listeners listeners;

	private final MasterEvents events;

	private long nextLook = Long.MAX_VALUE;

	Watchdog(LiveSettings settings, WorkerPool workers, Listeners listeners, MasterEvents events) {
		this.settings = settings;
		this.workers = workers;
		this.listeners = listeners;
		this.events = events;
	}

	private static Duration least(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

	/**
	 * A worker gives a sign of life.
	 */
	void heard(WorkerHandle worker, long now) {
		Duration silence = worker.pulse().silence(now);
		if (worker.pulse().heard(now) && worker.isReady()) {
			logger.warn("%s answers again after %d ms%s".formatted(worker, silence.toMillis(),
					worker.mayServe() ? " and gets connections again" : ""));
			if (worker.mayServe()) {
				this.listeners.admit(worker.id());
			}
		}
	}

	/**
	 * A worker's application tells whether it is broken, which counts as if it hung.
	 */
	void alive(WorkerHandle worker, boolean correct, long now) {
		if (worker.pulse().isBroken() != correct) {
			return;
		}
		worker.pulse().setBroken(!correct);
		if (correct) {
			heard(worker, now);
		}
		else if (!worker.pulse().isSuspected()) {
			suspect(worker, "is broken, by its liveness state", now);
		}
	}

	void advance(long now) {
		Duration timeout = this.settings.heartbeatTimeout();
		boolean limited = !timeout.isZero();
		if (limited) {
			listen(now, timeout);
		}
		endOne(now);
		boolean watching = this.workers
			.count((worker) -> worker.isReady() && (limited || worker.pulse().isSuspected())) > 0;
		this.nextLook = watching ? nextLook(now, timeout) : Long.MAX_VALUE;
	}

	private long nextLook(long now, Duration timeout) {
		if (this.workers.count((worker) -> !worker.isReady() || worker.pulse().isSuspected()) > 0) {
			return now + least(SHORT_TICK, share(timeout)).toNanos();
		}
		return this.workers.all()
			.stream()
			.filter(WorkerHandle::isReady)
			.mapToLong((worker) -> now + remaining(worker.pulse(), now, timeout).toNanos())
			.reduce(now + least(LONG_TICK, share(timeout)).toNanos(), Math::min);
	}

	private static Duration share(Duration timeout) {
		return timeout.isZero() ? SHORT_TICK : timeout.dividedBy(SHARE);
	}

	private static Duration remaining(Pulse pulse, long now, Duration timeout) {
		return pulse.tolerance(timeout).minus(pulse.silence(now));
	}

	private void listen(long now, Duration timeout) {
		Duration tolerance = least(LONGEST_LAG, timeout.dividedBy(SHARE));
		if (this.nextLook != Long.MAX_VALUE && now - this.nextLook > tolerance.toNanos()) {
			logger.info("Master was paused for %d ms; heartbeat timers reset"
				.formatted(Duration.ofNanos(now - this.nextLook).toMillis()));
			this.workers.all().stream().filter(WorkerHandle::isReady).forEach((worker) -> heard(worker, now));
		}
		this.workers.all().stream().filter(WorkerHandle::isReady).forEach((worker) -> watch(worker, now, timeout));
	}

	/**
	 * Returns when to look again.
	 */
	long deadline() {
		return this.nextLook;
	}

	private void watch(WorkerHandle worker, long now, Duration timeout) {
		Pulse pulse = worker.pulse();
		if (!pulse.isSuspected() && remaining(pulse, now, timeout).compareTo(Duration.ZERO) <= 0) {
			suspect(worker, "has been silent for %d ms".formatted(pulse.silence(now).toMillis()), now);
		}
	}

	private void suspect(WorkerHandle worker, String complaint, long now) {
		worker.pulse().suspect(now);
		this.listeners.withhold(worker.id());
		logger.warn("%s %s: it gets no more connections and is asked for a dump of its threads".formatted(worker,
				complaint));
		ControlConnection connection = worker.connection();
		if (connection != null) {
			connection.send(new Frame.DumpThreads());
		}
	}

	private void endOne(long now) {
		if (this.workers.count(Watchdog::isBeingEnded) > 0) {
			return;
		}
		this.workers.all()
			.stream()
			.filter((worker) -> worker.isReady() && worker.pulse().isSuspected() && hasAnswered(worker.pulse(), now))
			.min(Comparator.comparingLong((worker) -> worker.pulse().suspectedAt()))
			.ifPresent((worker) -> end(worker, now));
	}

	private static boolean isBeingEnded(WorkerHandle worker) {
		Departure departure = worker.departure();
		return departure != null && departure.kind() == Departure.Kind.HUNG;
	}

	private static boolean hasAnswered(Pulse pulse, long now) {
		return pulse.threadDump() != null || now - pulse.suspectedAt() >= ANSWER_TIME.toNanos();
	}

	private void end(WorkerHandle worker, long now) {
		Duration silence = worker.pulse().silence(now);
		@Nullable String dump = worker.pulse().threadDump();
		boolean broken = worker.pulse().isBroken();
		this.events.publish(new WorkerUnresponsiveEvent(worker.snapshot(), silence, dump, broken));
		this.workers.terminate(worker, new Departure(Departure.Kind.HUNG, broken ? "its liveness state was BROKEN"
				: "its event loops had not answered for %d ms".formatted(silence.toMillis())));
	}

}
