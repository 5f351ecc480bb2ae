package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;

/**
 * When the supervisor takes its turns: after whatever happens, and when the time has come
 * that the last turn set. What is done in one is told by {@link SupervisorSteps}.
 */
final class SupervisorTurns {

	private static final Duration LONGEST_LAG = Duration.ofSeconds(2);

	private final SupervisorSteps steps;

	private final WorkerTable workers;

	private final EventThread thread;

	private final Runnable publication;

	private @Nullable Future<?> timer;

	private long timerDue = Long.MAX_VALUE;

	/**
	 * Creates the turns, none of which is taken yet.
	 * @param steps what is done in each
	 * @param workers the workers that there are
	 * @param thread the thread that everything happens on
	 * @param publication tells, after each turn, what has come of it
	 */
	SupervisorTurns(SupervisorSteps steps, WorkerTable workers, EventThread thread, Runnable publication) {
		this.steps = steps;
		this.workers = workers;
		this.thread = thread;
		this.publication = publication;
	}

	/**
	 * Takes the next steps towards what is wanted. Whatever goes wrong in one turn, there
	 * is a next one.
	 */
	void take() {
		long now = this.thread.nanoTime();
		allowFor(now - this.timerDue);
		try {
			this.steps.take(now);
		}
		finally {
			this.publication.run();
			schedule(now);
		}
	}

	/**
	 * Takes one more turn after the one that may be under way, which may have passed what
	 * has just changed.
	 */
	void takeAnother() {
		this.thread.execute(this::take);
	}

	/**
	 * A worker gives a sign of life, which alone is worth no turn: there are many.
	 * @param worker the worker
	 */
	void heard(WorkerHandle worker) {
		long now = this.thread.nanoTime();
		if (this.steps.heard(worker, now)) {
			schedule(now);
		}
	}

	void alive(WorkerHandle worker, boolean correct) {
		this.steps.alive(worker, correct, this.thread.nanoTime());
	}

	/**
	 * Gives workers the time in which this process stood still, suspended or stopped by a
	 * debugger: what they said meanwhile has not been heard yet, or they stood still,
	 * too.
	 * @param lag by how much the timer is late
	 */
	private void allowFor(long lag) {
		if (lag > LONGEST_LAG.toNanos()) {
			this.workers.all().forEach((worker) -> worker.postpone(lag));
		}
	}

	/**
	 * Sets the one timer that there is to the next time at which something has to happen.
	 * @param now the time of the event thread
	 */
	private void schedule(long now) {
		if (this.timer != null) {
			this.timer.cancel(false);
		}
		this.timerDue = this.steps.deadline(now);
		if (this.timerDue != Long.MAX_VALUE) {
			this.timer = this.thread.schedule(this::take, Duration.ofNanos(Math.max(this.timerDue - now, 1)));
		}
	}

}
