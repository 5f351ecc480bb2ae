package io.github.bootcluster.master.listen;

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
 */
public record DistributionSettings(ListenerKind kind, Supplier<ConnectionDistributor> distributors,
		boolean proxyHeaders, WorkerAddresses addresses) {

	public DistributionSettings(ListenerKind kind, Supplier<ConnectionDistributor> distributors, boolean proxyHeaders) {
		this(kind, distributors, proxyHeaders, WorkerAddresses.any());
	}

}
