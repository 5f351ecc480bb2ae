package io.github.bootcluster.autoconfigure.role;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.ServerSocketChannel;
import java.util.Optional;

import io.github.bootcluster.wire.Transport;
import io.netty.channel.epoll.Epoll;

/**
 * What this machine can do for a cluster.
 */
interface ClusterPlatform {

	/**
	 * Tells why descriptors cannot be passed.
	 * @return the reason, or empty if they can
	 */
	Optional<String> noHandoffReason();

	/**
	 * Tells whether several processes can listen on one address.
	 */
	boolean isReusePortSupported();

	static ClusterPlatform current() {
		return new ClusterPlatform() {

			@Override
			public Optional<String> noHandoffReason() {
				return (Transport.detect() == Transport.EPOLL) ? Optional.empty() : Optional.of(rootMessage());
			}

			private String rootMessage() {
				Throwable cause = Epoll.unavailabilityCause();
				while (cause.getCause() != null) {
					cause = cause.getCause();
				}
				return String.valueOf(cause.getMessage());
			}

			@Override
			public boolean isReusePortSupported() {
				try (ServerSocketChannel channel = ServerSocketChannel.open()) {
					return channel.supportedOptions().contains(StandardSocketOptions.SO_REUSEPORT);
				}
				catch (IOException ex) {
					return false;
				}
			}

		};
	}

}
