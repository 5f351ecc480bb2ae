package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.actuate.ClusterReadinessIndicator;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for
 * {@link ClusterReadinessIndicator}. It is there without a cluster as well: Boot does not
 * start an application with a health group that names a component which is not there.
 */
@AutoConfiguration
@ConditionalOnClass(HealthIndicator.class)
@ConditionalOnClusterRole({ ClusterRole.WORKER, ClusterRole.STANDALONE })
@ConditionalOnProperty("cluster.health.min-ready")
public final class ClusterReadinessAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "clusterReadinessHealthIndicator", "clusterReadinessHealthContributor" })
	ClusterReadinessIndicator clusterReadinessHealthIndicator(Cluster cluster, Environment environment) {
		return new ClusterReadinessIndicator(cluster,
				Binder.get(environment).bind("cluster.health.min-ready", Integer.class).get());
	}

}
