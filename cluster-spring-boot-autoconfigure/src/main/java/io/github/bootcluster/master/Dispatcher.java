package io.github.bootcluster.master;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

import io.github.bootcluster.distribution.ConnectionDistributor;
import io.github.bootcluster.wire.DescriptorQueue;
import io.github.bootcluster.wire.DescriptorSender;

/**
 * Hands the connections of one listener to workers. It owns a descriptor from
 * {@link #dispatch} until a {@link DescriptorSender} has taken it over, and again once
 * that gives it back. Everything happens on one event loop.
 */
final class Dispatcher {

	private final ConnectionDistributor distributor;

	private final IntPredicate admitted;

	private final List<Target> targets = new ArrayList<>();

	/**
	 * Targets that can take a connection now: kept up to date with every change, so that
	 * a connection needs no search.
	 */
	private final List<Target> candidates = new ArrayList<>();

	private final DescriptorQueue waiting = new DescriptorQueue();

	/**
	 * Creates a dispatcher.
	 * @param distributor chooses the worker
	 * @param admitted whether a worker, by its id, may get connections
	 */
	Dispatcher(ConnectionDistributor distributor, IntPredicate admitted) {
		this.distributor = distributor;
		this.admitted = admitted;
	}

	void add(Target target) {
		this.targets.add(target);
		refresh();
	}

	/**
	 * Takes a worker out and its connections without an ack over.
	 * @param sender the way to the worker
	 * @param unacknowledged its connections without an ack
	 * @return whether the worker was one of this dispatcher's; if not, nothing was taken
	 * over
	 */
	boolean remove(DescriptorSender sender, DescriptorQueue unacknowledged) {
		if (!this.targets.removeIf((target) -> target.sender() == sender)) {
			return false;
		}
		unacknowledged.moveTo(this.waiting);
		refresh();
		return true;
	}

	/**
	 * Looks again at who can take connections, and hands out those that wait.
	 */
	void refresh() {
		this.candidates.clear();
		for (Target target : this.targets) {
			if (target.sender().isWritable() && this.admitted.test(target.worker())) {
				this.candidates.add(target);
			}
		}
		this.candidates.sort(Comparator.comparingInt(Target::slot).thenComparingInt(Target::worker));
		while (!this.waiting.isEmpty() && send(this.waiting.peek())) {
			this.waiting.remove();
		}
	}

	/**
	 * Hands a connection to a worker, or lets it wait for one.
	 * @param descriptor the connection, taken over
	 */
	void dispatch(int descriptor) {
		if (!send(descriptor)) {
			this.waiting.add(descriptor);
		}
	}

	private boolean send(int descriptor) {
		while (!this.candidates.isEmpty()) {
			int index = this.distributor.choose(this.candidates);
			Target target = this.candidates.get(index);
			boolean sent = target.sender().send(descriptor);
			if (!target.sender().isWritable()) {
				this.candidates.remove(index);
			}
			if (sent) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Tells whether a further connection would find a worker at once.
	 * @return whether to accept
	 */
	boolean isHungry() {
		return this.waiting.isEmpty() && !this.candidates.isEmpty();
	}

	/**
	 * Finds the workers that have not taken a connection for too long while others could.
	 * @param now the time, {@link System#nanoTime()}
	 * @param limitMillis how long is too long
	 * @return the workers, none if there is nobody else
	 */
	List<Target> overdue(long now, long limitMillis) {
		long limit = TimeUnit.MILLISECONDS.toNanos(limitMillis);
		List<Target> overdue = new ArrayList<>();
		boolean others = false;
		for (Target target : this.targets) {
			if (target.sender().silence(now) > limit) {
				overdue.add(target);
			}
			else {
				others |= this.candidates.contains(target);
			}
		}
		return others ? overdue : List.of();
	}

	/**
	 * Returns how many connections no worker has taken yet.
	 * @return those that wait for a worker, and those whose ack a worker owes
	 */
	int held() {
		int held = this.waiting.size();
		for (Target target : this.targets) {
			held += target.sender().unacknowledged();
		}
		return held;
	}

	boolean hasTargets() {
		return !this.targets.isEmpty();
	}

	boolean serves(int worker) {
		return this.targets.stream().anyMatch((target) -> target.worker() == worker);
	}

	/**
	 * Takes back what a worker has not taken, and hands it no more.
	 * @param worker the worker's id
	 */
	void release(int worker) {
		List.copyOf(this.targets)
			.stream()
			.filter((target) -> target.worker() == worker)
			.forEach((target) -> target.sender().reclaim());
	}

	/**
	 * Closes the connections that still wait for a worker.
	 * @return how many there were
	 */
	int abandon() {
		int abandoned = this.waiting.size();
		this.waiting.close(abandoned);
		return abandoned;
	}

}
