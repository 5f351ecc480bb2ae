package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.message.ClusterMessageConverter;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.worker.MasterConnection;
import io.github.bootcluster.worker.WorkerMessages;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of a worker's messages.
 */
@AutoConfiguration(before = ClusterAutoConfiguration.class)
@ConditionalOnClusterRole(ClusterRole.WORKER)
public final class ClusterMessagesAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	ClusterMessages bootClusterMessages(MasterConnection master, ObjectProvider<ClusterMessageConverter> converters,
			ObjectProvider<JsonMapper> mappers) {
		return master.messages().with(MessageConverters.choose(converters, mappers));
	}

	@Bean
	@ConditionalOnMissingBean(name = "bootClusterMessagesLifecycle")
	PhasedLifecycle bootClusterMessagesLifecycle(MasterConnection master) {
		// Once all listeners are there, and closed behind the web server while they are
		WorkerMessages messages = master.messages();
		return new PhasedLifecycle(PhasedLifecycle.BEFORE_WEB_SERVERS, messages::open, messages::close);
	}

}
