package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntSupplier;

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

	private final IntSupplier total;

	private int generation;

	private int earlyDeaths;

	private long forkNotBefore;

	private boolean suppressed;

	private SlotStatus.@Nullable LastExit lastExit;

	Slot(String group, int number, int generation, Map<String, String> environment, IntSupplier total) {
		this.group = group;
		this.number = number;
		this.generation = generation;
		this.environment = environment;
		this.total = total;
	}

	/**
	 * Puts a slot into words.
	 * @param group the slot's group, which is named if it is not the default
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
	 * Returns how many slots the cluster has now, in all groups.
	 */
	public int total() {
		return this.total.getAsInt();
	}

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
	 */
	boolean isOf(WorkerHandle worker) {
		return worker.slot() == this.number && worker.group().equals(this.group);
	}

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
	 */
	Duration missed(RespawnPolicy policy, long now) {
		this.earlyDeaths++;
		Duration delay = policy.delay(this.earlyDeaths).orElse(policy.maxDelay());
		this.forkNotBefore = now + delay.toNanos();
		return delay;
	}

	void exited(SlotStatus.LastExit exit) {
		this.lastExit = exit;
	}

	/**
	 * Tells whether the worker that ended last did so without being asked to.
	 */
	boolean isOrphaned() {
		return this.lastExit != null && !this.lastExit.voluntary();
	}

	SlotStatus status() {
		return new SlotStatus(this.group, this.number, this.suppressed, this.earlyDeaths, this.lastExit);
	}

	/**
	 * Takes note of a worker that died.
	 * @return how long the slot waits for the next fork, or empty if it is given up
	 */
	Optional<Duration> vacated(boolean early, RespawnPolicy policy, long now) {
		this.earlyDeaths = early ? this.earlyDeaths + 1 : 0;
		Optional<Duration> delay = policy.delay(this.earlyDeaths);
		this.suppressed = delay.isEmpty();
		delay.ifPresent((wait) -> this.forkNotBefore = now + wait.toNanos());
		return delay;
	}

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
