package io.github.bootcluster.master.supervise;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Way back of a restart that was aborted after it had changed a group: like a restart,
 * but to the generations that the groups had before. Nobody waits for it: the reason of
 * the aborted restart tells its outcome. It belongs to the supervisor's thread.
 */
final class Rollback {

	private static final Log logger = LogFactory.getLog(Rollback.class);

	private final LiveSettings settings;

	private final SlotTable slots;

	private final WorkerPool workers;

	private final ProvenGenerations proven;

	private final EventThread thread;

	private @Nullable RestartOperation aborted;

	private @Nullable RestartOperation operation;

	private String cause = "";

	Rollback(LiveSettings settings, SlotTable slots, WorkerPool workers, ProvenGenerations proven, EventThread thread) {
		this.settings = settings;
		this.slots = slots;
		this.workers = workers;
		this.proven = proven;
		this.thread = thread;
	}

	/**
	 * Returns the rollback that runs.
	 * @return the operation, or {@code null} if none runs
	 */
	@Nullable RestartOperation running() {
		RestartOperation current = this.operation;
		return (current != null && current.isRunning()) ? current : null;
	}

	/**
	 * Returns the groups that a restart leaves with another generation than they had
	 * before, in one slot or in all.
	 * @return the generation that each of them had
	 */
	Map<String, Integer> targets(RestartOperation restart) {
		Map<String, Integer> targets = new TreeMap<>();
		for (Slot slot : this.slots.of(restart)) {
			int before = restart.earlier().getOrDefault(slot.group(), slot.generation());
			if (slot.generation() != before) {
				targets.put(slot.group(), before);
			}
		}
		return targets;
	}

	/**
	 * Begins after a restart has ended.
	 * @param aborted the restart
	 * @param cause why it was aborted
	 * @param targets the generation that each of its changed groups goes back to
	 */
	void begin(RestartOperation aborted, String cause, Map<String, Integer> targets) {
		long deadline = this.thread.nanoTime() + this.settings.restart().timeout().toNanos();
		int total = targets.keySet().stream().mapToInt((group) -> this.slots.in(group).size()).sum();
		RestartOperation begun = aborted.rollback(targets, total, this.thread.now(), deadline);
		this.aborted = aborted;
		this.operation = begun;
		this.cause = cause;
		targets.forEach(this.proven::reset);
		this.slots.of(begun)
			.stream()
			.filter((slot) -> this.workers.hasReady(slot, begun.generation(slot.group())))
			.forEach((slot) -> slot.occupied(begun.generation(slot.group())));
	}

	void complete(RestartOperation running) {
		this.slots.of(running).forEach((slot) -> slot.occupied(running.generation(slot.group())));
		running.complete(this.thread.now());
		String outcome = describe(running.earlier(), "runs generation") + " again";
		explain(outcome);
		logger.info("Rolling restart %s is rolled back: %s".formatted(running.id(), outcome));
	}

	/**
	 * Gives the rollback up. What is ready stays, as nothing better is known.
	 */
	void fail(RestartOperation running, String reason) {
		end(running, reason);
		this.slots.of(running)
			.forEach((slot) -> this.proven.reset(slot.group(),
					Math.max(slot.generation(), this.proven.of(slot.group()))));
		String outcome = "the rollback failed, as %s: %s".formatted(reason, describeMix(running.groups()));
		explain(outcome);
		logger.error("Rolling restart %s was aborted, and %s".formatted(running.id(), outcome));
	}

	/**
	 * Ends the rollback, as something else begins that brings its groups to one
	 * generation.
	 */
	void cancel(RestartOperation running) {
		end(running, "a new restart begins");
		explain("the rollback was cancelled by a new restart");
		logger.info("Rollback of rolling restart %s cancelled: a new restart has started".formatted(running.id()));
	}

	void stop(RestartOperation running) {
		end(running, "the cluster is shutting down");
		explain("the cluster is shut down before the rollback is complete");
	}

	private void end(RestartOperation running, String reason) {
		running.abort(this.thread.now(), reason, List.of());
		for (WorkerHandle worker : this.workers.all()) {
			if (worker.isStarting() && running.concerns(worker.group())
					&& worker.generation() == running.generation(worker.group()) && !this.workers.isAlone(worker)) {
				this.workers.dismiss(worker, "the rollback has ended");
			}
		}
	}

	private void explain(String outcome) {
		RestartOperation explained = this.aborted;
		if (explained != null) {
			explained.explain(this.cause + "; " + outcome);
		}
	}

	/**
	 * Tells what becomes of groups.
	 * @param generations the generation of each of them
	 * @param verb what stands between the two
	 * @return a phrase
	 */
	static String describe(Map<String, Integer> generations, String verb) {
		return new TreeMap<>(generations).entrySet()
			.stream()
			.map((entry) -> "group %s %s %d".formatted(entry.getKey(), verb, entry.getValue()))
			.collect(Collectors.joining(", "));
	}

	String describeMix(Collection<String> groups) {
		return groups.stream()
			.map((group) -> "group %s keeps generations %s".formatted(group,
					join(this.slots.in(group).stream().map(Slot::generation).distinct().sorted().toList())))
			.collect(Collectors.joining(", "));
	}

	static String join(List<Integer> generations) {
		return generations.stream().map(String::valueOf).collect(Collectors.joining(" and "));
	}

}
