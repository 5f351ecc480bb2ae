package io.github.bootcluster.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What became of all attempts and connections of a client, by its {@link LoadAccount}. It
 * can't be made of figures that do not add up.
 *
 * @param outcomes the number of attempts by outcome
 * @param total the attempts that were begun, counted on their own
 * @param connectionEnds the number of connections by end
 * @param connections the connections that were tried, counted on their own
 * @param answers the answers by the process that gave them
 * @param slowest the longest time that an answer took
 * @param failures the first failures in words
 */
record LoadReport(Map<Outcome, Long> outcomes, long total, Map<ConnectionEnd, Long> connectionEnds, long connections,
		Map<Long, Long> answers, Duration slowest, List<String> failures) {

	LoadReport {
		outcomes = new EnumMap<>(outcomes);
		connectionEnds = new EnumMap<>(connectionEnds);
		answers = new TreeMap<>(answers);
		failures = List.copyOf(failures);
		check("attempts", outcomes, total);
		check("connections", connectionEnds, connections);
	}

	private static void check(String what, Map<?, Long> parts, long total) {
		long sum = parts.values().stream().mapToLong(Long::longValue).sum();
		if (sum != total) {
			throw new IllegalStateException(total + " " + what + ", but " + sum + " accounted for: " + parts);
		}
	}

	/**
	 * Adds up what became of several clients.
	 * @param reports the reports of each
	 * @return the sums
	 */
	static LoadReport sum(List<LoadReport> reports) {
		Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
		Map<ConnectionEnd, Long> ends = new EnumMap<>(ConnectionEnd.class);
		Map<Long, Long> answers = new TreeMap<>();
		List<String> failures = new ArrayList<>();
		long total = 0;
		long connections = 0;
		Duration slowest = Duration.ZERO;
		for (LoadReport report : reports) {
			report.outcomes.forEach((outcome, count) -> outcomes.merge(outcome, count, Long::sum));
			report.connectionEnds.forEach((end, count) -> ends.merge(end, count, Long::sum));
			report.answers.forEach((pid, count) -> answers.merge(pid, count, Long::sum));
			failures.addAll(report.failures);
			total += report.total;
			connections += report.connections;
			slowest = (report.slowest.compareTo(slowest) > 0) ? report.slowest : slowest;
		}
		return new LoadReport(outcomes, total, ends, connections, answers, slowest, failures);
	}

	long count(Outcome outcome) {
		return this.outcomes.getOrDefault(outcome, 0L);
	}

	long count(ConnectionEnd end) {
		return this.connectionEnds.getOrDefault(end, 0L);
	}

	/**
	 * Returns the number of attempts that the server owed a whole answer.
	 * @return the attempts that were lost
	 */
	long lost() {
		return this.outcomes.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().isLoss())
			.mapToLong(Map.Entry::getValue)
			.sum();
	}

	Set<Long> pids() {
		return this.answers.keySet();
	}

	@Override
	public String toString() {
		StringBuilder text = new StringBuilder();
		text.append(this.total).append(" attempts ").append(this.outcomes);
		text.append(", ").append(this.connections).append(" connections ").append(this.connectionEnds);
		text.append(", answers by pid ").append(this.answers);
		text.append(", slowest ").append(this.slowest.toMillis()).append(" ms");
		this.failures.forEach((failure) -> text.append("\n  ").append(failure));
		return text.toString();
	}

	/**
	 * How a connection ended, or that there never was one.
	 */
	enum ConnectionEnd {

		/**
		 * It could not be opened.
		 */
		NOT_OPENED,

		/**
		 * The client had no more to ask.
		 */
		CLOSED_BY_CLIENT,

		/**
		 * The server said so in its last answer.
		 */
		CLOSE_ANNOUNCED,

		/**
		 * The server closed it in order while nothing was asked.
		 */
		CLOSED_WHILE_IDLE,

		/**
		 * It was reset while nothing was asked.
		 */
		RESET_WHILE_IDLE,

		/**
		 * It ended with a failed attempt.
		 */
		FAILED

	}

}
