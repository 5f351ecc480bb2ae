package io.github.bootcluster.distribution;

import java.util.function.Supplier;

/**
 * Ways to distribute connections that a property can name.
 */
public enum DistributionStrategy {

	/**
	 * Each worker gets a connection in turn.
	 */
	ROUND_ROBIN(RoundRobinDistributor::new);

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
