package io.github.bootcluster.actuate;

import java.net.SocketAddress;

import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.ConnectionInformation;

import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.ClassUtils;

/**
 * Finds the true other end of a connection, where the remote address of a request is
 * Reactor Netty's, which headers and the PROXY protocol may have influenced.
 */
final class ConnectionPeer {

	private static final boolean REACTOR_NETTY_PRESENT = ClassUtils
		.isPresent("reactor.netty.http.server.ConnectionInformation", ConnectionPeer.class.getClassLoader());

	private ConnectionPeer() {
	}

	static @Nullable SocketAddress of(ServerHttpRequest request, @Nullable SocketAddress fallback) {
		if (REACTOR_NETTY_PRESENT) {
			Object received = ServerHttpRequestDecorator.getNativeRequest(request);
			if (received instanceof ConnectionInformation connection) {
				return connection.connectionRemoteAddress();
			}
		}
		return fallback;
	}

}
