package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterLeadership;
import io.github.bootcluster.ClusterServers;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.standalone.FixedLeadership;
import io.github.bootcluster.standalone.StandaloneCluster;
import io.github.bootcluster.standalone.StandaloneMessages;
import io.github.bootcluster.standalone.StandaloneServers;
import reactor.netty.transport.ServerTransport;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Auto-configuration of what there is in a process that is not clustered, too: a
 * {@link Cluster} and {@link ClusterServers} that say so, so that the same beans can be
 * injected everywhere.
 */
@AutoConfiguration(after = ClusterWorkerAutoConfiguration.class)
public final class ClusterAutoConfiguration {

	@Bean(destroyMethod = "")
	@ConditionalOnMissingBean
	Cluster bootCluster(ClusterMessages messages) {
		return new StandaloneCluster(messages);
	}

	@Bean
	@ConditionalOnMissingBean
	ClusterMessages bootClusterMessages() {
		return new StandaloneMessages();
	}

	@Bean
	@ConditionalOnMissingBean
	ClusterLeadership bootClusterLeadership() {
		return new FixedLeadership(true);
	}

	@Bean
	static EagerBeans bootClusterEagerBeans() {
		return new EagerBeans();
	}

	@Bean
	static ClusterMessageListenerProcessor bootClusterMessageListenerProcessor(ConfigurableListableBeanFactory beans) {
		return new ClusterMessageListenerProcessor(beans);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ServerTransport.class)
	static class ReactorNettyConfiguration {

		@Bean
		@ConditionalOnMissingBean
		ClusterServers bootClusterServers() {
			return new StandaloneServers();
		}

	}

}
