package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

import io.github.bootcluster.sample.LoadReport.ConnectionEnd;

/**
 * Books every attempt and every connection of a client twice, when it begins and when it
 * ends, so that a {@link LoadReport} can tell whether one was forgotten.
 */
final class LoadAccount {

	private static final int TOLD_FAILURES = 50;

	private final long startedAt = System.nanoTime();

	private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);

	private final Map<ConnectionEnd, Long> connectionEnds = new EnumMap<>(ConnectionEnd.class);

	private final Map<Long, Long> answers = new TreeMap<>();

	private final List<String> failures = new ArrayList<>();

	private long begun;

	private long ended;

	private long connections;

	private long slowest;

	synchronized void attemptBegins() {
		this.begun++;
	}

	synchronized void connectionBegins() {
		this.connections++;
	}

	synchronized void connectionEnds(ConnectionEnd end) {
		this.connectionEnds.merge(end, 1L, Long::sum);
	}

	/**
	 * An attempt was answered as it should.
	 * @param pid the process that answered, if it is known
	 * @param nanos how long it took
	 */
	synchronized void answered(OptionalLong pid, long nanos) {
		this.slowest = Math.max(this.slowest, nanos);
		pid.ifPresent((known) -> this.answers.merge(known, 1L, Long::sum));
		attemptEnds(Outcome.OK);
	}

	/**
	 * An attempt has failed.
	 * @param outcome how
	 * @param failure more about it, in words
	 */
	synchronized void failed(Outcome outcome, String failure) {
		if (this.failures.size() < TOLD_FAILURES) {
			long at = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - this.startedAt);
			this.failures.add("after " + at + " ms: " + failure);
		}
		attemptEnds(outcome);
	}

	private void attemptEnds(Outcome outcome) {
		this.ended++;
		this.outcomes.merge(outcome, 1L, Long::sum);
		notifyAll();
	}

	synchronized long begun() {
		return this.begun;
	}

	synchronized long ended() {
		return this.ended;
	}

	/**
	 * Waits until so many attempts have ended.
	 * @param wanted the number of attempts
	 * @param limit the longest wait
	 * @throws InterruptedException if the thread is interrupted
	 */
	synchronized void awaitEnded(long wanted, Duration limit) throws InterruptedException {
		long deadline = System.nanoTime() + limit.toNanos();
		while (this.ended < wanted) {
			long remaining = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
			if (remaining <= 0) {
				throw new AssertionError(
						(wanted - this.ended) + " attempts are missing: " + this.outcomes + this.failures);
			}
			wait(remaining);
		}
	}

	synchronized LoadReport report() {
		return new LoadReport(this.outcomes, this.begun, this.connectionEnds, this.connections, this.answers,
				Duration.ofNanos(this.slowest), this.failures);
	}

}
