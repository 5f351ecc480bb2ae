package io.github.bootcluster.autoconfigure;

import org.junit.jupiter.api.Test;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.ProxyProtocolSupportType;

import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.reactor.netty.NettyServerCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on who reads the PROXY header in a worker.
 */
class ProxyProtocolTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withUserConfiguration(ClusterWorkerAutoConfiguration.ProxyProtocolConfiguration.class);

	@Test
	void applicationsServerReadsTheHeaderWhereTheClusterGetsIt() {
		this.runner.withPropertyValues("cluster.proxy-protocol=true")
			.run((context) -> assertThat(server(context.getBean(WebServerFactoryCustomizer.class)))
				.isEqualTo(ProxyProtocolSupportType.ON));
	}

	@Test
	void elseItDoesNot() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(WebServerFactoryCustomizer.class));
		this.runner.withPropertyValues("cluster.proxy-protocol=false")
			.run((context) -> assertThat(context).doesNotHaveBean(WebServerFactoryCustomizer.class));
	}

	@Test
	void customizersOfTheApplicationTakePrecedence() {
		this.runner.withPropertyValues("cluster.proxy-protocol=true").run((context) -> {
			NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
			customize(context.getBean(WebServerFactoryCustomizer.class), factory);
			factory.addServerCustomizers((server) -> server.proxyProtocol(ProxyProtocolSupportType.AUTO));
			assertThat(proxyProtocol(factory)).isEqualTo(ProxyProtocolSupportType.AUTO);
		});
	}

	private static ProxyProtocolSupportType server(WebServerFactoryCustomizer<?> customizer) {
		NettyReactiveWebServerFactory factory = new NettyReactiveWebServerFactory();
		customize(customizer, factory);
		return proxyProtocol(factory);
	}

	@SuppressWarnings("unchecked")
	private static void customize(WebServerFactoryCustomizer<?> customizer, NettyReactiveWebServerFactory factory) {
		((WebServerFactoryCustomizer<NettyReactiveWebServerFactory>) customizer).customize(factory);
	}

	private static ProxyProtocolSupportType proxyProtocol(NettyReactiveWebServerFactory factory) {
		HttpServer server = HttpServer.create();
		for (NettyServerCustomizer each : factory.getServerCustomizers()) {
			server = each.apply(server);
		}
		return server.configuration().proxyProtocolSupportType();
	}

}
