package io.github.bootcluster.master.listen;

import java.time.Duration;
import java.util.function.Supplier;

import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.distribution.ConnectionDistributor;

/**
 * How connections come to the workers.
 *
 * @param kind who accepts them, where descriptors can be passed
 * @param distributors creates the distributor of each listener
 * @param proxyHeaders whether the PROXY protocol tells the distributors who the client is
 * @param addresses where workers may have the master listen
 * @param ramp how long the share of a new worker grows
 */
public record DistributionSettings(ListenerKind kind, Supplier<ConnectionDistributor> distributors,
		boolean proxyHeaders, WorkerAddresses addresses, Duration ramp) {

	public DistributionSettings(ListenerKind kind, Supplier<ConnectionDistributor> distributors, boolean proxyHeaders) {
		this(kind, distributors, proxyHeaders, WorkerAddresses.any(), Duration.ZERO);
	}

}
