package io.github.bootcluster.autoconfigure;

import java.util.Properties;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.actuate.PrometheusScrapeExtension;
import io.github.bootcluster.autoconfigure.properties.ClusterProperties;
import io.github.bootcluster.metrics.prometheus.ClusterPrometheusScrape;
import io.github.bootcluster.worker.MasterConnection;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusProperties;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.prometheus.PrometheusScrapeEndpoint;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that lets any worker answer a scrape
 * of Prometheus for the whole cluster. It comes last, as
 * {@link ClusterEndpointAutoConfiguration} does.
 */
@AutoConfiguration
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass({ PrometheusMeterRegistry.class, PrometheusScrapeEndpoint.class,
		ConditionalOnAvailableEndpoint.class })
@ConditionalOnClusterRole(ClusterRole.WORKER)
@ConditionalOnBean(PrometheusRegistry.class)
@ConditionalOnBooleanProperty(name = "cluster.metrics.aggregate", matchIfMissing = true)
public final class ClusterPrometheusAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ClusterPrometheusScrape bootClusterPrometheusScrape(PrometheusRegistry registry,
			ObjectProvider<PrometheusMeterRegistry> registries, MasterConnection master, ClusterProperties properties,
			Environment environment) {
		ClusterPrometheusScrape scrape = new ClusterPrometheusScrape(registry, registries::stream, master.meters(),
				properties.metrics().timeout(), WorkerGroups.areConfigured(environment),
				properties.metrics().notSummed());
		scrape.start();
		return scrape;
	}

	@Bean
	@ConditionalOnMissingBean
	@ConditionalOnBean(PrometheusScrapeEndpoint.class)
	@ConditionalOnAvailableEndpoint(endpoint = PrometheusScrapeEndpoint.class)
	PrometheusScrapeExtension bootClusterPrometheusScrapeExtension(ClusterPrometheusScrape scrape,
			ObjectProvider<PrometheusProperties> properties) {
		Properties exporter = new Properties();
		properties.ifAvailable((available) -> exporter.putAll(available.getProperties()));
		return new PrometheusScrapeExtension(scrape, exporter);
	}

}
