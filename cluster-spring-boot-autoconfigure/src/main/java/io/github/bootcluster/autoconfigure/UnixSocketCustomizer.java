package io.github.bootcluster.autoconfigure;

import io.netty.channel.unix.DomainSocketAddress;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Lets the application's web server listen on a Unix socket. The management server, if it
 * has a port of its own, is not customized.
 */
class UnixSocketCustomizer implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, Ordered {

	private final DomainSocketAddress address;

	UnixSocketCustomizer(String path) {
		this.address = new DomainSocketAddress(path);
	}

	@Override
	public int getOrder() {
		// Before what the application customizes, which has the last word
		return -1;
	}

	@Override
	public void customize(NettyReactiveWebServerFactory factory) {
		factory.addServerCustomizers((server) -> server.bindAddress(() -> this.address));
	}

}
