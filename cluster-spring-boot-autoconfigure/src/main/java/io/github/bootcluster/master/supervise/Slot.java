package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.SlotStatus;
import org.jspecify.annotations.Nullable;

/**
 * Place for one worker after another. Its state belongs to the supervisor's thread.
 */
public final class Slot {

	private final String group;

	private final int number;

	private final Map<String, String> environment;

	private int generation;

	private int earlyDeaths;

	private long forkNotBefore;

	private boolean suppressed;

	private SlotStatus.@Nullable LastExit lastExit;

	/**
	 * Creates a slot that is empty.
	 * @param group the group that it is a place of
	 * @param number the slot's number
	 * @param generation the generation of its first worker
	 * @param environment variables of all its workers, besides those of every worker
	 */
	Slot(String group, int number, int generation, Map<String, String> environment) {
		this.group = group;
		this.number = number;
		this.generation = generation;
		this.environment = environment;
	}

	/**
	 * Puts a slot into words.
	 * @param group the slot's group, which is named if it is not the default
	 * @param number the slot's number
	 * @return words that fit into a sentence
	 */
	static String describe(String group, int number) {
		return group.equals(ClusterWorker.DEFAULT_GROUP) ? "slot " + number
				: "slot %d of group %s".formatted(number, group);
	}

	public String group() {
		return this.group;
	}

	public int number() {
		return this.number;
	}

	public Map<String, String> environment() {
		return this.environment;
	}

	/**
	 * Returns the generation that the slot's next worker runs.
	 * @return the generation of its last worker that became ready
	 */
	int generation() {
		return this.generation;
	}

	int earlyDeaths() {
		return this.earlyDeaths;
	}

	boolean isSuppressed() {
		return this.suppressed;
	}

	long forkNotBefore() {
		return this.forkNotBefore;
	}

	boolean mayFork(long now) {
		return !this.suppressed && now >= this.forkNotBefore;
	}

	/**
	 * Tells whether a worker has this place, alone or beside another one.
	 * @param worker the worker
	 * @return whether it is in this slot
	 */
	boolean isOf(WorkerHandle worker) {
		return worker.slot() == this.number && worker.group().equals(this.group);
	}

	/**
	 * Takes note of a worker that became ready.
	 * @param generation the worker's generation
	 */
	void occupied(int generation) {
		if (generation != this.generation) {
			this.earlyDeaths = 0;
		}
		this.generation = generation;
		this.suppressed = false;
	}

	/**
	 * Takes note of a worker that has served long enough before it left: no early deaths
	 * follow upon each other across it.
	 */
	void healthy() {
		this.earlyDeaths = 0;
	}

	/**
	 * Takes note of a worker that died early while another one serves in this slot, which
	 * is therefore not given up.
	 * @param policy says how long to wait
	 * @param now the time of the event thread
	 * @return how long the slot waits for the next fork
	 */
	Duration missed(RespawnPolicy policy, long now) {
		this.earlyDeaths++;
		Duration delay = policy.delay(this.earlyDeaths).orElse(policy.maxDelay());
		this.forkNotBefore = now + delay.toNanos();
		return delay;
	}

	/**
	 * Takes note of a worker that has ended, whatever that means.
	 * @param exit how it ended
	 */
	void exited(SlotStatus.LastExit exit) {
		this.lastExit = exit;
	}

	/**
	 * Tells whether the worker that ended last did so without being asked to.
	 * @return whether the next one takes its place, {@code false} if none has ended
	 */
	boolean isOrphaned() {
		return this.lastExit != null && !this.lastExit.voluntary();
	}

	SlotStatus status() {
		return new SlotStatus(this.group, this.number, this.suppressed, this.earlyDeaths, this.lastExit);
	}

	/**
	 * Takes note of a worker that died.
	 * @param early whether it died early
	 * @param policy says how long to wait
	 * @param now the time of the event thread
	 * @return how long the slot waits for the next fork, or empty if it is given up
	 */
	Optional<Duration> vacated(boolean early, RespawnPolicy policy, long now) {
		this.earlyDeaths = early ? this.earlyDeaths + 1 : 0;
		Optional<Duration> delay = policy.delay(this.earlyDeaths);
		this.suppressed = delay.isEmpty();
		delay.ifPresent((wait) -> this.forkNotBefore = now + wait.toNanos());
		return delay;
	}

	/**
	 * Returns the slot in words that begin a sentence.
	 * @return the words
	 */
	String sentence() {
		return sentence(this.group, this.number);
	}

	static String sentence(String group, int number) {
		String words = describe(group, number);
		return Character.toUpperCase(words.charAt(0)) + words.substring(1);
	}

	@Override
	public String toString() {
		return describe(this.group, this.number);
	}

}
