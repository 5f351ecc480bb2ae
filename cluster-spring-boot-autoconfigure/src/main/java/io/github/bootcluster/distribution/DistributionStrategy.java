package io.github.bootcluster.distribution;

import java.util.SplittableRandom;
import java.util.function.Supplier;

import io.github.bootcluster.ListenerKind;

/**
 * Ways to distribute connections that a property can name.
 */
public enum DistributionStrategy {

	/**
	 * Each worker gets a connection in turn.
	 */
	ROUND_ROBIN(RoundRobinDistributor::new),

	/**
	 * The worker with the fewest open connections gets the next one.
	 */
	LEAST_CONNECTIONS(LeastConnectionsDistributor::new),

	/**
	 * The same worker gets all connections from one address.
	 */
	IP_HASH(IpHashDistributor::new),

	/**
	 * Any worker gets the next connection.
	 */
	RANDOM(() -> new RandomDistributor(new SplittableRandom())),

	/**
	 * The workers accept connections themselves on the one listening socket that there
	 * is. Those that the master has to hand over go to each worker in turn.
	 */
	SHARED(RoundRobinDistributor::new),

	/**
	 * The workers accept connections themselves, each on a listening socket of its slot,
	 * over which the kernel spreads them. Those that the master has to hand over go to
	 * each worker in turn.
	 */
	REUSE_PORT(RoundRobinDistributor::new);

	private final Supplier<ConnectionDistributor> factory;

	DistributionStrategy(Supplier<ConnectionDistributor> factory) {
		this.factory = factory;
	}

	/**
	 * Returns how workers get their connections.
	 * @return the kind of the cluster's listeners, where descriptors can be passed
	 */
	public ListenerKind kind() {
		return switch (this) {
			case SHARED -> ListenerKind.SHARED;
			case REUSE_PORT -> ListenerKind.REUSE_PORT;
			default -> ListenerKind.HANDOFF;
		};
	}

	/**
	 * Creates a distributor for one listener.
	 * @return the distributor
	 */
	public ConnectionDistributor newDistributor() {
		return this.factory.get();
	}

}
