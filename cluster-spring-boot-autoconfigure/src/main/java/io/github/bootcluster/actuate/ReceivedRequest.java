package io.github.bootcluster.actuate;

import java.net.InetSocketAddress;
import java.net.SocketAddress;

import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServerRequest;

import org.springframework.http.HttpHeaders;
import org.springframework.http.server.reactive.ServerHttpRequest;
import org.springframework.http.server.reactive.ServerHttpRequestDecorator;
import org.springframework.util.ClassUtils;

/**
 * What the web server received, where the remote address and the URI of a request are
 * what headers and the PROXY protocol may have made of them.
 *
 * @param client the client's address as the web server tells it
 * @param peer the address at the other end of the connection
 * @param local the address at this end of the connection
 * @param target the request target as it was sent
 * @param headers the headers
 */
record ReceivedRequest(@Nullable SocketAddress client, @Nullable SocketAddress peer, @Nullable SocketAddress local,
		String target, HttpHeaders headers) {

	private static final boolean REACTOR_NETTY_PRESENT = ClassUtils
		.isPresent("reactor.netty.http.server.HttpServerRequest", ReceivedRequest.class.getClassLoader());

	static ReceivedRequest of(ServerHttpRequest request) {
		InetSocketAddress client = request.getRemoteAddress();
		if (REACTOR_NETTY_PRESENT) {
			Object received = ServerHttpRequestDecorator.getNativeRequest(request);
			if (received instanceof HttpServerRequest netty) {
				return new ReceivedRequest(client, netty.connectionRemoteAddress(), netty.connectionHostAddress(),
						netty.uri(), request.getHeaders());
			}
		}
		return new ReceivedRequest(client, client, request.getLocalAddress(), request.getURI().toString(),
				request.getHeaders());
	}

}
