package io.github.bootcluster.distribution;

import java.util.List;
import java.util.stream.IntStream;

import io.github.bootcluster.distribution.ConnectionDistributor.Candidate;
import io.github.bootcluster.distribution.ConnectionDistributor.Connection;

/**
 * Worker whose connections a test sets.
 */
final class TestCandidate implements Candidate {

	/**
	 * A connection from nowhere.
	 */
	static final Connection NOBODY = () -> null;

	private final int slot;

	private final int worker;

	private int connections;

	private boolean lagging;

	private double cpuLoad;

	private double share = 1;

	TestCandidate(int slot, int worker) {
		this.slot = slot;
		this.worker = worker;
	}

	static List<TestCandidate> inSlots(int... slots) {
		return IntStream.of(slots).mapToObj((slot) -> new TestCandidate(slot, slot)).toList();
	}

	@Override
	public int slot() {
		return this.slot;
	}

	@Override
	public int worker() {
		return this.worker;
	}

	@Override
	public int connections() {
		return this.connections;
	}

	@Override
	public boolean isLagging() {
		return this.lagging;
	}

	@Override
	public double share() {
		return this.share;
	}

	void share(double share) {
		this.share = share;
	}

	void lag(boolean lagging) {
		this.lagging = lagging;
	}

	@Override
	public double cpuLoad() {
		return this.cpuLoad;
	}

	void work(double cpuLoad) {
		this.cpuLoad = cpuLoad;
	}

	void open() {
		this.connections++;
	}

	void close() {
		this.connections--;
	}

}
