package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.wire.ControlConnection;
import io.github.bootcluster.wire.Failure;
import io.github.bootcluster.wire.Frame;

/**
 * Collects the meters of all workers for the one that is scraped. It keeps what each has
 * reported last, also those that have gone, so that a sum over workers never falls, and
 * looks into none of it: what has gone is added up by the worker that is scraped.
 * Everything happens on the supervisor's thread.
 */
final class MeterCollection {

	/**
	 * Workers of one slot that come and go between two scrapes. What further ones have
	 * counted is lost.
	 */
	static final int MAX_RETIRED = 16;

	private final EventThread thread;

	private final Supplier<ClusterStatus> status;

	private final Map<ControlConnection, Reporter> reporters = new LinkedHashMap<>();

	private final Map<SlotKey, List<Retired>> retired = new LinkedHashMap<>();

	private final List<Round> rounds = new ArrayList<>();

	MeterCollection(EventThread thread, Supplier<ClusterStatus> status) {
		this.thread = thread;
		this.status = status;
	}

	/**
	 * A worker is ready, and will be asked.
	 */
	void ready(ControlConnection connection, WorkerHandle worker) {
		this.reporters.putIfAbsent(connection,
				new Reporter(worker.id(), new SlotKey(worker.group(), worker.slot()), connection));
	}

	/**
	 * Asks all workers. One that still owes the answer to a question whose asker did not
	 * wait any longer is not waited for again. One who asks again before it has got all
	 * is refused: it may not read.
	 */
	void collect(ControlConnection asker, Frame.CollectMeters request) {
		if (asker.backlog() > 0 || this.rounds.stream().anyMatch((round) -> round.asker == asker)) {
			asker.send(new Frame.Failed(request.request(), Failure.of(new ClusterUnavailableException(
					"The worker has not read yet what the master has sent it before"))));
			return;
		}
		Round round = new Round(asker, request.request());
		for (Reporter reporter : this.reporters.values()) {
			if (!reporter.late) {
				round.awaited.add(reporter);
			}
			if (!reporter.asked) {
				reporter.asked = true;
				reporter.connection.send(new Frame.ReportMeters());
			}
		}
		this.rounds.add(round);
		this.thread.schedule(() -> {
			if (this.rounds.contains(round)) {
				round.awaited.forEach((reporter) -> reporter.late = true);
				round.awaited.clear();
				finishRounds();
			}
		}, Duration.ofMillis(request.timeoutMillis()));
		finishRounds();
	}

	/**
	 * A worker has reported its meters.
	 * @return whether the worker is known
	 */
	boolean reported(ControlConnection connection, Frame.Meters meters) {
		Reporter reporter = this.reporters.get(connection);
		if (reporter == null) {
			return false;
		}
		reporter.asked = false;
		reporter.late = false;
		if (!meters.data().isEmpty()) {
			reporter.data = meters.data();
		}
		for (Round round : this.rounds) {
			if (round.awaited.remove(reporter)) {
				round.current.add(reporter);
			}
		}
		finishRounds();
		return true;
	}

	/**
	 * A worker has gone. All that it has sent is known by now.
	 */
	void closed(ControlConnection connection) {
		this.rounds.removeIf((round) -> round.asker == connection);
		Reporter gone = this.reporters.remove(connection);
		if (gone == null) {
			return;
		}
		if (!gone.data.isEmpty()) {
			retire(this.retired.computeIfAbsent(gone.slot, (slot) -> new ArrayList<>()), gone.data);
		}
		this.rounds.forEach((round) -> round.awaited.remove(gone));
		finishRounds();
	}

	private static void retire(List<Retired> ofSlot, String data) {
		if (ofSlot.size() < MAX_RETIRED) {
			long last = ofSlot.isEmpty() ? 0 : ofSlot.get(ofSlot.size() - 1).sequence();
			ofSlot.add(new Retired(last + 1, data));
		}
	}

	/**
	 * Takes the sum of workers that have gone in place of their meters. Somebody else may
	 * have been faster.
	 */
	void replace(Frame.RetiredMeters sum) {
		List<Retired> ofSlot = this.retired.get(new SlotKey(sum.group(), sum.slot()));
		if (ofSlot != null && ofSlot.removeIf((one) -> one.sequence() <= sum.sequence())) {
			ofSlot.add(0, new Retired(sum.sequence(), sum.data()));
		}
	}

	private void finishRounds() {
		List<Round> complete = this.rounds.stream().filter((round) -> round.awaited.isEmpty()).toList();
		this.rounds.removeAll(complete);
		complete.forEach(this::answer);
	}

	private void answer(Round round) {
		int request = round.request;
		this.retired.forEach((slot, all) -> all.forEach((one) -> round.asker.send(new Frame.CollectedMeters(request,
				slot.group(), slot.number(), 0, one.sequence(), false, one.data()))));
		this.reporters.values()
			.forEach((reporter) -> round.asker.send(new Frame.CollectedMeters(request, reporter.slot.group(),
					reporter.slot.number(), reporter.worker, 0, round.current.contains(reporter), reporter.data)));
		round.asker.send(new Frame.Status(this.status.get()));
		round.asker.send(new Frame.Success(request, null));
	}

	private record SlotKey(String group, int number) {

	}

	private record Retired(long sequence, String data) {

	}

	/**
	 * A worker, and what it has told last.
	 */
	private static final class Reporter {

		private final int worker;

		private final SlotKey slot;

		private final ControlConnection connection;

		private String data = "";

		private boolean asked;

		private boolean late;

		Reporter(int worker, SlotKey slot, ControlConnection connection) {
			this.worker = worker;
			this.slot = slot;
			this.connection = connection;
		}

	}

	/**
	 * What one worker has asked for, until those that it waits for have answered.
	 */
	private static final class Round {

		private final ControlConnection asker;

		private final int request;

		private final Set<Reporter> awaited = new HashSet<>();

		private final Set<Reporter> current = new HashSet<>();

		Round(ControlConnection asker, int request) {
			this.asker = asker;
			this.request = request;
		}

	}

}
