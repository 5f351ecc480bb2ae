package io.github.bootcluster.distribution;

import java.util.SplittableRandom;
import java.util.function.Supplier;

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
	RANDOM(() -> new RandomDistributor(new SplittableRandom()));

	private final Supplier<ConnectionDistributor> factory;

	DistributionStrategy(Supplier<ConnectionDistributor> factory) {
		this.factory = factory;
	}

	/**
	 * Creates a distributor for one listener.
	 * @return the distributor
	 */
	public ConnectionDistributor newDistributor() {
		return this.factory.get();
	}

}
