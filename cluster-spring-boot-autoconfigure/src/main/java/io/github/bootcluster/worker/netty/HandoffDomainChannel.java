package io.github.bootcluster.worker.netty;

import io.netty.buffer.ByteBuf;
import io.netty.channel.epoll.EpollChannelConfig;
import io.netty.channel.unix.DomainSocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * {@link HandoffChannel} of a connection to a Unix socket. Its client has no address.
 */
final class HandoffDomainChannel extends HandoffChannel {

	private static final DomainSocketAddress UNNAMED = new DomainSocketAddress("");

	private final EpollChannelConfig config;

	HandoffDomainChannel(HandoffServerDomainChannel parent, int descriptor, @Nullable ConnectionTally tally,
			@Nullable ByteBuf beginning) {
		super(parent, descriptor, tally, beginning);
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
