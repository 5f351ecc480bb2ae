package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.worker.netty.SessionTickets;
import reactor.netty.NettyPipeline;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.SslProvider;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.core.Ordered;

/**
 * Lets a server with TLS share the keys of session tickets with other workers: its own
 * context, those that it chooses by name, and those that it gets when a certificate is
 * renewed.
 */
class SessionTicketsCustomizer implements WebServerFactoryCustomizer<NettyReactiveWebServerFactory>, Ordered {

	private final SessionTickets tickets;

	SessionTicketsCustomizer(SessionTickets tickets) {
		this.tickets = tickets;
	}

	@Override
	public int getOrder() {
		// When the server has got its certificate
		return LOWEST_PRECEDENCE;
	}

	@Override
	public void customize(NettyReactiveWebServerFactory factory) {
		factory.addServerCustomizers(this::share);
	}

	private HttpServer share(HttpServer server) {
		SslProvider tls = server.configuration().sslProvider();
		if (tls == null) {
			return server;
		}
		this.tickets.share(tls.getSslContext(), tls::configure);
		return server.doOnChannelInit(
				(observer, channel, address) -> this.tickets.discover(channel.pipeline(), NettyPipeline.SslHandler));
	}

}
