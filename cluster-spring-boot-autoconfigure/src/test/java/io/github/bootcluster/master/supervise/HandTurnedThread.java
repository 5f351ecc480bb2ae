package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * {@link EventThread} whose clock and tasks a test turns by hand. What a task throws
 * reaches the test.
 */
final class HandTurnedThread implements EventThread {

	private final Queue<Runnable> tasks = new ArrayDeque<>();

	private final List<Timer> timers = new ArrayList<>();

	private Runnable turn = () -> {
	};

	private long nanos;

	@Override
	public void turnBy(Runnable turn) {
		this.turn = turn;
	}

	@Override
	public void execute(Runnable task) {
		this.tasks.add(() -> runAndTurn(task));
	}

	@Override
	public void executeQuietly(Runnable task) {
		this.tasks.add(task);
	}

	private void runAndTurn(Runnable task) {
		try {
			task.run();
		}
		finally {
			this.turn.run();
		}
	}

	@Override
	public long nanoTime() {
		return this.nanos;
	}

	@Override
	public Instant now() {
		return Instant.ofEpochSecond(0, this.nanos);
	}

	@Override
	public Future<?> schedule(Runnable task, Duration delay) {
		Timer timer = new Timer(() -> runAndTurn(task), this.nanos + delay.toNanos());
		this.timers.add(timer);
		return timer;
	}

	@Override
	public void close() {
		this.tasks.clear();
		this.timers.clear();
	}

	/**
	 * Runs what is to be done now, timers that are due included.
	 */
	void run() {
		for (Optional<Runnable> next = next(); next.isPresent(); next = next()) {
			next.get().run();
		}
	}

	private Optional<Runnable> next() {
		if (!this.tasks.isEmpty()) {
			return Optional.of(this.tasks.remove());
		}
		Optional<Timer> due = timers().stream()
			.filter((timer) -> timer.at <= this.nanos)
			.min(Comparator.comparingLong((timer) -> timer.at));
		due.ifPresent(this.timers::remove);
		return due.map((timer) -> timer.task);
	}

	/**
	 * Turns the clock on and runs each timer at its time.
	 * @param duration how far to turn it
	 */
	void advance(Duration duration) {
		long until = this.nanos + duration.toNanos();
		run();
		Optional<Timer> first = first();
		while (first.isPresent() && first.get().at <= until) {
			this.nanos = Math.max(this.nanos, first.get().at);
			run();
			first = first();
		}
		this.nanos = until;
	}

	/**
	 * Turns the clock on and runs nothing, as if the thread had been busy meanwhile.
	 * @param duration how far to turn it
	 */
	void lag(Duration duration) {
		this.nanos += duration.toNanos();
	}

	int pendingTimers() {
		return timers().size();
	}

	private Optional<Timer> first() {
		return timers().stream().min(Comparator.comparingLong((timer) -> timer.at));
	}

	private List<Timer> timers() {
		this.timers.removeIf(Future::isCancelled);
		return this.timers;
	}

	private static final class Timer extends FutureTask<Void> {

		private final Runnable task;

		private final long at;

		Timer(Runnable task, long at) {
			super(task, null);
			this.task = task;
			this.at = at;
		}

	}

}
