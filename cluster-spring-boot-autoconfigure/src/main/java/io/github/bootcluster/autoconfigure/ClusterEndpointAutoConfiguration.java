package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.actuate.ClusterEndpoint;
import io.github.bootcluster.actuate.EndpointErrors;
import io.github.bootcluster.actuate.LocalAccessGuard;
import io.github.bootcluster.actuate.OperationArguments;
import io.github.bootcluster.actuate.OperationsByAccess;
import io.github.bootcluster.actuate.TrustedAccounts;
import io.github.bootcluster.process.AccountDatabase;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.endpoint.web.PathMappedEndpoints;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.boot.reactor.netty.NettyReactiveWebServerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.http.server.reactive.HttpHandlerDecoratorFactory;
import org.springframework.web.reactive.DispatcherHandler;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link ClusterEndpoint} in a
 * worker. It comes last so that it sees what guards the application. Naming those whom it
 * comes after would not do: it would draw them to the front, as its name sorts before
 * theirs, and change their order in applications that are not even clustered.
 */
@AutoConfiguration
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass({ ConditionalOnAvailableEndpoint.class, DispatcherHandler.class })
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.REACTIVE)
@ConditionalOnClusterRole(ClusterRole.WORKER)
@ConditionalOnAvailableEndpoint(ClusterEndpoint.class)
public final class ClusterEndpointAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ClusterEndpoint bootClusterEndpoint(Cluster cluster) {
		return new ClusterEndpoint(cluster);
	}

	@Bean
	OperationArguments bootClusterOperationArguments() {
		return new OperationArguments();
	}

	@Bean
	EndpointErrors bootClusterEndpointErrors(ObjectProvider<PathMappedEndpoints> endpoints) {
		return new EndpointErrors(endpoints::getIfAvailable);
	}

	// Within the guard, so that a stranger hears of the guard
	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE - 1)
	@Conditional(OnUnconfiguredAccessCondition.class)
	OperationsByAccess bootClusterOperationsByAccess() {
		return new OperationsByAccess();
	}

	@Configuration(proxyBeanMethods = false)
	@Conditional(OnUnconfiguredExposureCondition.class)
	static class LocalAccessConfiguration {

		// Outermost, so that no other decorator comes between it and the web server. The
		// handler of a separate management port finds it in the parent context.
		@Bean
		@Order(Ordered.HIGHEST_PRECEDENCE)
		HttpHandlerDecoratorFactory bootClusterRequestDecoratorFactory() {
			return LocalAccessGuard::remembering;
		}

		// Last, and so around all others: what Actuator caches must not reach a stranger.
		@Bean
		@Order(Ordered.LOWEST_PRECEDENCE)
		LocalAccessGuard bootClusterLocalAccessGuard() {
			AccountDatabase accounts = AccountDatabase.ofThisSystem();
			return new LocalAccessGuard(new TrustedAccounts(accounts.ownUser().orElse(null),
					(number) -> accounts.user(Integer.toUnsignedString(number))
						.map(AccountDatabase.User::name)
						.orElse(null)));
		}

		@Configuration(proxyBeanMethods = false)
		@ConditionalOnClass(NettyReactiveWebServerFactory.class)
		static class UpgradeConfiguration {

			@Bean
			UpgradeTargetCustomizer bootClusterUpgradeTargetCustomizer() {
				return new UpgradeTargetCustomizer();
			}

		}

	}

}
