package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.ListenerKind;
import io.github.bootcluster.autoconfigure.properties.ClusterProperties;
import io.github.bootcluster.autoconfigure.properties.ConfiguredAddresses;
import io.github.bootcluster.distribution.ConnectionDistributor;
import io.github.bootcluster.distribution.DistributionStrategy;
import io.github.bootcluster.master.listen.DistributionSettings;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/**
 * How the master hands out connections.
 */
@Configuration(proxyBeanMethods = false)
class MasterDistributionConfiguration {

	private static final Log logger = LogFactory.getLog(MasterDistributionConfiguration.class);

	/**
	 * Lets a distributor of the application's own go before the property. That there are
	 * several ends the start, and not the first listener.
	 */
	@Bean
	DistributionSettings bootClusterDistribution(ClusterProperties properties, Environment environment,
			ObjectProvider<ConnectionDistributor> distributors) {
		ConnectionDistributor own = distributors.getIfAvailable();
		if (own != null) {
			logger.info("Connections are distributed by " + own.getClass().getName());
		}
		ListenerKind kind = properties.distribution().kind();
		return new DistributionSettings(kind,
				(own != null) ? distributors::getObject : properties.distribution()::newDistributor,
				properties.proxyProtocol() && kind == ListenerKind.HANDOFF
						&& (own != null || properties.distribution() == DistributionStrategy.IP_HASH),
				ConfiguredAddresses.of(properties, environment), properties.warmup().ramp());
	}

}
