package io.github.bootcluster.master;

import java.util.function.Supplier;

import io.github.bootcluster.distribution.ConnectionDistributor;

/**
 * How the master hands out the connections that it accepts.
 *
 * @param distributors creates the distributor of each listener
 * @param maxConnections how many connections a worker may have over all its listeners, 0
 * for any number
 * @param proxyHeaders whether the PROXY protocol tells the distributors who the client is
 */
public record DistributionSettings(Supplier<ConnectionDistributor> distributors, int maxConnections,
		boolean proxyHeaders) {

}
