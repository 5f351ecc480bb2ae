package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterLeadership;
import io.github.bootcluster.ClusterMessages;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of what there is in a process that is not clustered, too: a
 * {@link Cluster} that says so, so that the same bean can be injected everywhere.
 */
@AutoConfiguration(after = ClusterWorkerAutoConfiguration.class)
public final class ClusterAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	Cluster cluster(ClusterMessages messages) {
		return new StandaloneCluster(messages);
	}

	@Bean
	@ConditionalOnMissingBean
	ClusterMessages clusterMessages() {
		return new StandaloneMessages();
	}

	@Bean
	@ConditionalOnMissingBean
	ClusterLeadership clusterLeadership() {
		return new FixedLeadership(true);
	}

	@Bean
	static ClusterMessageListenerProcessor clusterMessageListenerProcessor(ConfigurableListableBeanFactory beans) {
		return new ClusterMessageListenerProcessor(beans);
	}

}
