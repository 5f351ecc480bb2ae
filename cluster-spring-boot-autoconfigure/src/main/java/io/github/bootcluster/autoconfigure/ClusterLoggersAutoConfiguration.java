package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.actuate.LoggersExtension;
import io.github.bootcluster.worker.MasterConnection;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.logging.LoggersEndpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigureOrder;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.logging.LogLevel;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/**
 * {@link EnableAutoConfiguration Auto-configuration} that lets a log level that somebody
 * sets hold in all workers. It comes last, as {@link ClusterEndpointAutoConfiguration}
 * does.
 */
@AutoConfiguration
@AutoConfigureOrder(Ordered.LOWEST_PRECEDENCE)
@ConditionalOnClass({ LoggersEndpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnClusterRole(ClusterRole.WORKER)
@ConditionalOnBean(LoggersEndpoint.class)
public final class ClusterLoggersAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	LoggersExtension bootClusterLoggersExtension(LoggersEndpoint loggers, MasterConnection master) {
		master.logLevels()
			.setBy((name, level) -> loggers.configureLogLevel(name, (level != null) ? LogLevel.valueOf(level) : null));
		return new LoggersExtension(loggers, master.logLevels()::set);
	}

}
