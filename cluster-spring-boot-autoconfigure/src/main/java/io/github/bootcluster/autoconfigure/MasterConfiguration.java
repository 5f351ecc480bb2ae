package io.github.bootcluster.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.master.ClusterMaster;
import io.github.bootcluster.process.JvmCommand;
import io.github.bootcluster.process.JvmEnvironment;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * All that runs in a master besides the beans that ask for it.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ClusterProperties.class)
@ImportAutoConfiguration({ ConfigurationPropertiesAutoConfiguration.class, LifecycleAutoConfiguration.class,
		PropertyPlaceholderAutoConfiguration.class })
class MasterConfiguration {

	private static final Log logger = LogFactory.getLog(MasterConfiguration.class);

	@Bean
	ClusterMaster clusterMaster(ClusterProperties properties, Environment environment,
			ApplicationEventPublisher publisher) {
		List<String> fromEnvironment = JvmEnvironment.notInherited(System.getenv());
		JvmCommand inherited = JvmCommand.ofThisProcess();
		List<String> notInherited = Stream.concat(inherited.notInherited().stream(), fromEnvironment.stream()).toList();
		if (!notInherited.isEmpty()) {
			logger.info("Workers do not inherit " + notInherited);
		}
		return ClusterMaster.create(MasterSettingsFactory.create(environment),
				WorkerTemplates.create(inherited, properties), properties.workDirectory(),
				properties.distribution()::newDistributor, publisher);
	}

	@Bean
	MasterLifecycle clusterMasterLifecycle(ClusterMaster master) {
		return new MasterLifecycle(master);
	}

	@Bean
	Cluster cluster(ClusterMaster master) {
		return master.cluster();
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ApplicationRunner clusterStarter(ClusterMaster master) {
		return (arguments) -> master.start();
	}

}
