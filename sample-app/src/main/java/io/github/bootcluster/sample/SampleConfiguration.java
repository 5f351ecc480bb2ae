package io.github.bootcluster.sample;

import java.util.Map;

import io.github.bootcluster.ClusterServers;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.tcp.TcpServer;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.format.FormatterRegistry;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;

/**
 * Beans of the workers, and of the whole application where it is not clustered.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(SampleProperties.class)
class SampleConfiguration implements WebFluxConfigurer {

	private static final Log logger = LogFactory.getLog(SampleConfiguration.class);

	/**
	 * Lets request parameters be written as properties are: {@code 2s}, {@code 100ms},
	 * {@code 64KB}.
	 * @param registry the registry to add to
	 */
	@Override
	public void addFormatters(FormatterRegistry registry) {
		ApplicationConversionService.configure(registry);
	}

	@Bean
	ProcessIdentity processIdentity(Environment environment) {
		return ProcessIdentity.of(environment);
	}

	@Bean
	HandlerMapping webSocketMapping() {
		WebSocketHandler echo = (session) -> session.send(session.receive().doOnNext(WebSocketMessage::retain));
		return new SimpleUrlHandlerMapping(Map.of("/echo", echo), -1);
	}

	@Bean
	@ConditionalOnBooleanProperty("sample.unhealthy")
	HealthIndicator sampleHealthIndicator() {
		logger.warn("This application is down because sample.unhealthy is set");
		return () -> Health.down().build();
	}

	/**
	 * Starts a server beside the application's own.
	 * @param properties the settings that hold its port
	 * @param identity what it answers with
	 * @return the server
	 */
	@Bean(destroyMethod = "disposeNow")
	@ConditionalOnProperty("sample.second-port")
	DisposableServer secondServer(SampleProperties properties, ProcessIdentity identity) {
		Integer port = properties.secondPort();
		DisposableServer server = HttpServer.create()
			.port((port != null) ? port : 0)
			.handle((request, response) -> response.sendString(Mono.just("slot " + identity.slot() + "\n")))
			.bindNow();
		logger.info("Second server started on port " + server.port());
		return server;
	}

	/**
	 * Starts a server that is no web server: it sends back whatever it gets. Its
	 * connections go on until the client closes them, or a worker that is to end has no
	 * more time.
	 * @param properties the settings that hold its port
	 * @param servers lets it take part in the cluster
	 * @return the server
	 */
	@Bean(destroyMethod = "disposeNow")
	@ConditionalOnProperty("sample.echo-port")
	DisposableServer echoServer(SampleProperties properties, ClusterServers servers) {
		Integer port = properties.echoPort();
		DisposableServer server = servers.join(TcpServer.create())
			.port((port != null) ? port : 0)
			.handle((inbound, outbound) -> outbound.send(inbound.receive().retain()))
			.bindNow();
		logger.info("Echo server started on port " + server.port());
		return server;
	}

}
