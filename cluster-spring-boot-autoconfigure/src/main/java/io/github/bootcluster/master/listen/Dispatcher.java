package io.github.bootcluster.master.listen;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

import io.github.bootcluster.distribution.ConnectionDistributor;
import io.github.bootcluster.wire.DescriptorQueue;
import io.github.bootcluster.wire.DescriptorSender;
import org.jspecify.annotations.Nullable;

/**
 * Hands the connections of one listener to workers. It owns a descriptor from
 * {@link #dispatch} until a {@link DescriptorSender} has taken it over, and again once
 * that gives it back. Everything happens on one event loop.
 */
final class Dispatcher {

	private static final Comparator<Target> BY_SLOT = Comparator.comparingInt(Target::slot)
		.thenComparingInt(Target::worker);

	private final ConnectionDistributor distributor;

	private final IntPredicate admitted;

	private final Observer observer;

	/**
	 * All targets by slot and, within one, by id.
	 */
	private final List<Target> targets = new ArrayList<>();

	/**
	 * Targets that can take a connection now: kept up to date with every change, so that
	 * a connection needs no search.
	 */
	private final List<Target> candidates = new ArrayList<>();

	private final List<Target> choice = Collections.unmodifiableList(this.candidates);

	private final DispatchedConnection connection = new DispatchedConnection();

	private final DescriptorQueue waiting = new DescriptorQueue();

	private boolean served;

	Dispatcher(ConnectionDistributor distributor, IntPredicate admitted, Observer observer) {
		this.distributor = new GuardedDistributor(distributor);
		this.admitted = admitted;
		this.observer = observer;
	}

	void add(Target target) {
		this.targets.add(target);
		this.targets.sort(BY_SLOT);
		refresh();
	}

	List<DescriptorSender> sendersTo(int worker) {
		return this.targets.stream().filter((target) -> target.worker() == worker).map(Target::sender).toList();
	}

	/**
	 * Takes a worker out and its connections without an ack over.
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
		this.served |= hasTaker();
		this.candidates.clear();
		for (Target target : this.targets) {
			if (isEligible(target) && this.admitted.test(target.worker())) {
				this.candidates.add(target);
			}
		}
		while (!this.waiting.isEmpty() && send(this.waiting.peek())) {
			this.waiting.remove();
		}
	}

	private static boolean isEligible(Target target) {
		return target.sender().isWritable() && target.load().hasRoom();
	}

	/**
	 * Gives a worker nothing more until the next look.
	 */
	void passOver(WorkerLoad load) {
		this.candidates.removeIf((target) -> target.load() == load);
	}

	/**
	 * Hands a connection to a worker, or lets it wait for one.
	 * @param descriptor the connection, taken over
	 */
	void dispatch(int descriptor) {
		if (!send(descriptor)) {
			this.waiting.add(descriptor);
		}
		this.observer.dispatched();
	}

	/**
	 * Hands an envelope to a worker, or lets it wait for one.
	 * @param envelope the envelope, taken over
	 * @param client the client of the connection in it, if it is known
	 */
	void dispatch(int envelope, @Nullable InetSocketAddress client) {
		this.connection.know(envelope, client);
		dispatch(envelope);
	}

	private boolean send(int descriptor) {
		while (!this.candidates.isEmpty()) {
			int index = this.distributor.choose(this.choice, this.connection.show(descriptor));
			Target target = this.candidates.get(index);
			boolean sent = target.sender().send(descriptor);
			if (!isEligible(target)) {
				this.candidates.remove(index);
			}
			if (sent && !target.load().hasRoom()) {
				this.observer.saturated(target.load());
			}
			if (sent) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Tells whether a further connection would find a worker at once.
	 */
	boolean canAccept() {
		return this.waiting.isEmpty() && !this.candidates.isEmpty();
	}

	/**
	 * Finds the workers that have not taken a connection for too long while others could.
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
	 */
	int held() {
		int held = this.waiting.size();
		for (Target target : this.targets) {
			held += target.sender().unacknowledged();
		}
		return held;
	}

	boolean hasOther(int worker) {
		return this.candidates.stream().anyMatch((target) -> target.worker() != worker);
	}

	boolean hasTargets() {
		return !this.targets.isEmpty();
	}

	/**
	 * Tells whether a worker may take connections, now or later.
	 */
	boolean hasTaker() {
		return this.targets.stream().anyMatch((target) -> this.admitted.test(target.worker()));
	}

	/**
	 * Tells whether there has ever been a worker that may take connections.
	 */
	boolean wasServed() {
		return this.served;
	}

	boolean serves(int worker) {
		return this.targets.stream().anyMatch((target) -> target.worker() == worker);
	}

	/**
	 * Takes back what a worker has not taken, and hands it no more.
	 */
	void release(int worker) {
		List.copyOf(this.targets)
			.stream()
			.filter((target) -> target.worker() == worker)
			.forEach((target) -> target.sender().reclaim());
	}

	/**
	 * Closes the connections that still wait for a worker.
	 */
	int abandon() {
		int abandoned = this.waiting.size();
		this.waiting.close(abandoned);
		return abandoned;
	}

	/**
	 * Hears what happens to connections, on the event loop.
	 */
	@FunctionalInterface
	interface Observer {

		/**
		 * A worker has no room for more connections.
		 */
		void saturated(WorkerLoad load);

		/**
		 * A connection waits for its ack, or for a worker.
		 */
		default void dispatched() {
		}

	}

}
