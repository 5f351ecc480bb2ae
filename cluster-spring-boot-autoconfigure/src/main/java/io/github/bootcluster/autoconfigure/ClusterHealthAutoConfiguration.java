package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.actuate.ClusterHealthIndicator;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for {@link ClusterHealthIndicator}
 * in a worker.
 */
@AutoConfiguration
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnClusterRole(ClusterRole.WORKER)
@ConditionalOnEnabledHealthIndicator(ClusterHealthIndicator.NAME)
public final class ClusterHealthAutoConfiguration {

	// By name: the application may have a contributor of that name that is about another
	// cluster
	@Bean
	@ConditionalOnMissingBean(name = { "clusterHealthIndicator", "clusterHealthContributor" })
	ClusterHealthIndicator clusterHealthIndicator(Cluster cluster) {
		return new ClusterHealthIndicator(cluster);
	}

}
