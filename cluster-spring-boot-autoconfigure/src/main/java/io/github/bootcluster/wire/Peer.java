package io.github.bootcluster.wire;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;

import io.netty.channel.Channel;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.channel.unix.PeerCredentials;
import jdk.net.ExtendedSocketOptions;
import jdk.net.UnixDomainPrincipal;

/**
 * Process at the other end of a Unix socket, as the kernel vouches for it.
 *
 * @param pid the process id, empty where the transport cannot tell
 */
record Peer(OptionalLong pid) {

	/**
	 * Looks at who is at the other end of a channel.
	 * @param socket the socket that was connected to, whose owner alone may connect
	 */
	static Peer of(Channel channel, Path socket) throws IOException {
		if (channel instanceof EpollDomainSocketChannel epoll) {
			return of(epoll.peerCredentials(), socket);
		}
		UnixDomainPrincipal principal = channel.config()
			.getOption(NioChannelOption.of(ExtendedSocketOptions.SO_PEERCRED));
		if (principal == null || !principal.user().equals(Files.getOwner(socket))) {
			throw new UnauthorizedPeerException((principal != null) ? principal.user().getName() : "unknown");
		}
		return new Peer(OptionalLong.empty());
	}

	/**
	 * Looks at who is at the other end of a descriptor, which stays the caller's.
	 * @param socket the socket that was connected to, whose owner alone may connect
	 */
	static Peer of(int descriptor, Path socket) throws IOException {
		// Netty asks for credentials through a channel alone; it need not be registered
		return of(new EpollDomainSocketChannel(descriptor).peerCredentials(), socket);
	}

	private static Peer of(PeerCredentials credentials, Path socket) throws IOException {
		if (credentials.uid() != (int) Files.getAttribute(socket, "unix:uid")) {
			throw new UnauthorizedPeerException("uid " + credentials.uid() + ", pid " + credentials.pid());
		}
		return new Peer(OptionalLong.of(credentials.pid()));
	}

}
