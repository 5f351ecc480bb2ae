package io.github.bootcluster.wire;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;

import io.netty.channel.unix.DomainSocketAddress;
import io.netty.util.NetUtil;

/**
 * Writes addresses to listen on as a host and a port. A host that begins with a slash,
 * which no literal address does, is the path of a Unix socket.
 */
final class ListenAddress {

	private ListenAddress() {
	}

	static SocketAddress parse(String host, int port) throws UnknownHostException {
		if (host.startsWith("/")) {
			return new DomainSocketAddress(host);
		}
		if (!NetUtil.isValidIpV4Address(host) && !NetUtil.isValidIpV6Address(host)) {
			// A name would have to be looked up, which may take its time
			throw new UnknownHostException("'%s' is no literal address".formatted(host));
		}
		return new InetSocketAddress(InetAddress.getByName(host), port);
	}

	static String host(SocketAddress address) {
		return (address instanceof DomainSocketAddress unix) ? unix.path()
				: ((InetSocketAddress) address).getAddress().getHostAddress();
	}

	static int port(SocketAddress address, int none) {
		return (address instanceof InetSocketAddress inet) ? inet.getPort() : none;
	}

}
