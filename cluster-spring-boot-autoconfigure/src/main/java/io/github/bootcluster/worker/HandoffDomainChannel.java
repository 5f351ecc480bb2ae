package io.github.bootcluster.worker;

import io.netty.channel.epoll.EpollChannelConfig;
import io.netty.channel.unix.DomainSocketAddress;

/**
 * {@link HandoffChannel} of a connection to a Unix socket. Its client has no address.
 */
final class HandoffDomainChannel extends HandoffChannel {

	private static final DomainSocketAddress UNNAMED = new DomainSocketAddress("");

	private final EpollChannelConfig config;

	HandoffDomainChannel(HandoffServerDomainChannel parent, int descriptor) {
		super(parent, descriptor);
		this.config = new Config(this);
	}

	@Override
	boolean isLingering() {
		return false;
	}

	@Override
	public EpollChannelConfig config() {
		return this.config;
	}

	@Override
	protected DomainSocketAddress localAddress0() {
		return ((HandoffServerDomainChannel) parent()).localAddress();
	}

	@Override
	protected DomainSocketAddress remoteAddress0() {
		return UNNAMED;
	}

	/**
	 * Options of an accepted connection: those that Netty has for all.
	 */
	private static final class Config extends EpollChannelConfig {

		private Config(HandoffDomainChannel channel) {
			super(channel);
		}

	}

}
