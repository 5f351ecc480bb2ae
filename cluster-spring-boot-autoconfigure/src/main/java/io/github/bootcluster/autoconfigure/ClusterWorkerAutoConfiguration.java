package io.github.bootcluster.autoconfigure;

import java.security.GeneralSecurityException;
import java.time.Duration;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterServers;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.actuate.ClusterHealthIndicator;
import io.github.bootcluster.autoconfigure.properties.ClusterProperties;
import io.github.bootcluster.autoconfigure.properties.StopTimeout;
import io.github.bootcluster.autoconfigure.properties.UnixSocketAddress;
import io.github.bootcluster.distribution.DistributionStrategy;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.worker.HealthReporter;
import io.github.bootcluster.worker.HealthSource;
import io.github.bootcluster.worker.Heartbeat;
import io.github.bootcluster.worker.MasterConnection;
import io.github.bootcluster.worker.RequestCounts;
import io.github.bootcluster.worker.WarmUp;
import io.github.bootcluster.worker.WorkerCluster;
import io.github.bootcluster.worker.WorkerConnections;
import io.github.bootcluster.worker.WorkerRuntime;
import io.github.bootcluster.worker.netty.ConnectionDrain;
import io.github.bootcluster.worker.netty.LoopResourcesPostProcessor;
import io.github.bootcluster.worker.netty.NettyConnections;
import io.github.bootcluster.worker.netty.ReactorNettyDrain;
import io.github.bootcluster.worker.netty.SessionTickets;
import io.github.bootcluster.worker.netty.TransportDrain;
import io.github.bootcluster.worker.netty.WorkerServers;
import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.ProxyProtocolSupportType;
import reactor.netty.transport.ServerTransport;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.boot.web.server.Ssl;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;
import org.springframework.http.client.ReactorResourceFactory;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.web.server.session.WebSessionManager;

/**
 * Auto-configuration of a worker.
 */
@AutoConfiguration
@ConditionalOnClusterRole(ClusterRole.WORKER)
@EnableConfigurationProperties(ClusterProperties.class)
public final class ClusterWorkerAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	NettyConnections bootClusterWorkerConnections(ClusterProperties properties, ObjectProvider<ConnectionDrain> drain) {
		return new NettyConnections(properties.worker().maxConnections(),
				drain.getIfAvailable(() -> (connection, due) -> {
				}));
	}

	@Bean
	@ConditionalOnMissingBean
	WorkerRuntime bootClusterWorkerRuntime(MasterConnection master, WorkerConnections connections,
			ClusterProperties properties, Environment environment) {
		WorkerRuntime runtime = new WorkerRuntime(master, connections,
				properties.drain().migrateIdle() && !properties.proxyProtocol(), properties.drain().timeout(),
				StopTimeout.of(Binder.get(environment), properties.worker()));
		runtime.start();
		return runtime;
	}

	@Bean
	@ConditionalOnMissingBean
	RequestCounts bootClusterRequestCounts() {
		return new RequestCounts();
	}

	@Bean
	@ConditionalOnMissingBean
	Heartbeat bootClusterHeartbeat(MasterConnection master, WorkerConnections connections, RequestCounts requests,
			ClusterProperties properties) {
		Heartbeat heartbeat = new Heartbeat(master, connections, requests, properties.worker().heartbeatTimeout());
		heartbeat.start();
		return heartbeat;
	}

	@Bean
	@Conditional(OnMainApplicationCondition.class)
	HealthReporter bootClusterHealthReporter(MasterConnection master, ObjectProvider<HealthSource> source) {
		HealthReporter reporter = new HealthReporter(master,
				source.getIfAvailable(() -> () -> new Frame.Health(true, "")));
		reporter.start();
		// Runs when the contexts are closed: nobody needs the snapshot then
		SpringApplication.getShutdownHandlers().add(master::deleteAbandonedDirectory);
		return reporter;
	}

	@Bean
	@ConditionalOnMissingBean(name = "bootClusterWorkerDrainLifecycle")
	PhasedLifecycle bootClusterWorkerDrainLifecycle(WorkerRuntime runtime) {
		// Spring's graceful shutdown would close idle keep-alive connections at once
		return PhasedLifecycle.stopping(PhasedLifecycle.BEFORE_GRACEFUL_SHUTDOWN, runtime::drain);
	}

	@Bean
	@ConditionalOnMissingBean(name = "bootClusterClosingListener")
	ApplicationListener<ContextClosedEvent> bootClusterClosingListener(WorkerRuntime runtime,
			ApplicationContext context) {
		return new WorkerClosingListener(runtime, context);
	}

	@Bean
	@Conditional(OnMainApplicationCondition.class)
	ApplicationListener<AvailabilityChangeEvent<ReadinessState>> bootClusterReadinessListener(WorkerRuntime runtime,
			Heartbeat heartbeat, ObjectProvider<WarmUp> warmUp, ApplicationContext context) {
		return new WorkerReadinessListener(runtime, heartbeat, warmUp, context);
	}

	@Bean
	@Conditional(OnMainApplicationCondition.class)
	ApplicationListener<AvailabilityChangeEvent<?>> bootClusterAvailabilityListener(WorkerRuntime runtime,
			ApplicationContext context) {
		return new WorkerAvailabilityListener(runtime, context);
	}

	// Else Spring would take shutdown() for the way to end the bean
	@Bean(destroyMethod = "")
	@ConditionalOnMissingBean
	Cluster bootCluster(MasterConnection master, ClusterMessages messages) {
		return new WorkerCluster(master, messages);
	}

	@Bean
	static MasterEventListenerCheck bootClusterMasterEventListenerCheck() {
		return new MasterEventListenerCheck();
	}

	@Bean
	static MasterDistributorCheck bootClusterMasterDistributorCheck() {
		return new MasterDistributorCheck();
	}

	@Bean
	static SharedPasswordProcessor bootClusterSharedPasswordProcessor(ObjectProvider<MasterConnection> master,
			ConfigurableListableBeanFactory beans) {
		return new SharedPasswordProcessor(master, beans);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HttpHandlerDecoratorFactory.class)
	@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
	static class WebFluxConfiguration {

		// Of a separate management port, the handler finds it in the parent context
		@Bean
		HttpHandlerDecoratorFactory bootClusterRequestCountingDecoratorFactory(RequestCounts requests,
				Environment environment) {
			return (handler) -> new RequestCountingHandler(handler, requests, ManagementRequests.of(environment));
		}

		@Bean
		InMemorySessionCheck bootClusterInMemorySessionCheck(MasterConnection master,
				ObjectProvider<WebSessionManager> manager, ClusterProperties properties) {
			return new InMemorySessionCheck(master, manager, properties.distribution() == DistributionStrategy.IP_HASH);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ServerTransport.class)
	static class TransportConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ClusterServers bootClusterServers(ObjectProvider<MasterConnection> master,
				ObjectProvider<NettyConnections> connections) {
			return new WorkerServers(master::getObject, connections::getObject);
		}

		@Bean
		@ConditionalOnMissingClass("reactor.netty.http.server.HttpServer")
		ConnectionDrain bootClusterTransportDrain() {
			return new TransportDrain();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HttpServer.class, ReactorResourceFactory.class })
	static class ReactorNettyConfiguration {

		@Bean
		ConnectionDrain bootClusterReactorNettyDrain() {
			return new ReactorNettyDrain();
		}

		@Bean
		static LoopResourcesPostProcessor bootClusterLoopResourcesPostProcessor(ObjectProvider<MasterConnection> master,
				ObjectProvider<NettyConnections> connections) {
			LoopResourcesPostProcessor processor = new LoopResourcesPostProcessor(master::getObject,
					connections::getObject);
			processor.replaceGlobalResources();
			return processor;
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HttpServer.class, NettyReactiveWebServerFactory.class })
	static class WarmUpConfiguration {

		@Bean
		@ConditionalOnMissingBean
		WarmUp bootClusterWarmUp(ClusterProperties properties, WorkerConnections connections, RequestCounts requests,
				Environment environment) throws GeneralSecurityException {
			ClusterProperties.Warmup warmup = properties.warmup();
			// Beyond it the master takes the worker for one that does not start
			Duration limit = properties.worker().startTimeout().dividedBy(2);
			return new WarmUp(
					new WarmUp.Plan(warmup.paths(), warmup.requests(), limit, tls(environment),
							properties.proxyProtocol()),
					connections, () -> environment.getProperty("local.server.port", Integer.class, 0), requests);
		}

		/**
		 * Any certificate is trusted: the connection leads to this process.
		 */
		private static @Nullable SSLSocketFactory tls(Environment environment) throws GeneralSecurityException {
			Ssl ssl = Binder.get(environment).bind("server.ssl", Ssl.class).orElse(null);
			if (ssl == null || !ssl.isEnabled()) {
				return null;
			}
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(null, InsecureTrustManagerFactory.INSTANCE.getTrustManagers(), null);
			return context.getSocketFactory();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(NettyReactiveWebServerFactory.class)
	@ConditionalOnProperty(UnixSocketAddress.INTERNAL_PROPERTY)
	static class UnixSocketConfiguration {

		@Bean
		UnixSocketCustomizer bootClusterUnixSocketCustomizer(Environment environment) {
			return new UnixSocketCustomizer(environment.getRequiredProperty(UnixSocketAddress.INTERNAL_PROPERTY));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ HttpServer.class, NettyReactiveWebServerFactory.class })
	@ConditionalOnBooleanProperty("cluster.proxy-protocol")
	static class ProxyProtocolConfiguration {

		/**
		 * Makes the application's own server read the header; the management server,
		 * which is asked from within, has a context of its own. It comes first, so that
		 * the application's own customizers take precedence.
		 */
		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		WebServerFactoryCustomizer<NettyReactiveWebServerFactory> bootClusterProxyProtocolCustomizer() {
			return (factory) -> factory
				.addServerCustomizers((server) -> server.proxyProtocol(ProxyProtocolSupportType.ON));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(value = { HttpServer.class, NettyReactiveWebServerFactory.class },
			name = "io.netty.internal.tcnative.Library")
	@ConditionalOnBooleanProperty(
			name = { "cluster.ssl.share-session-tickets", "jdk.tls.server.enableSessionTicketExtension" },
			matchIfMissing = true)
	static class SessionTicketsConfiguration {

		@Bean
		@ConditionalOnMissingBean
		SessionTicketsCustomizer bootClusterSessionTicketsCustomizer(MasterConnection master) {
			return new SessionTicketsCustomizer(new SessionTickets(master));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(HealthEndpoint.class)
	static class HealthConfiguration {

		@Bean
		HealthSource bootClusterHealthSource(ObjectProvider<HealthEndpoint> endpoint,
				ObjectProvider<ClusterHealthIndicator> ofTheCluster) {
			return () -> {
				HealthEndpoint available = endpoint.getIfAvailable();
				return (available != null)
						? new EndpointHealthSource(available, ofTheCluster.getIfAvailable() != null).check()
						: new Frame.Health(true, "");
			};
		}

	}

}
