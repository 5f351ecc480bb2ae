package io.github.bootcluster.autoconfigure;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterLeadership;
import io.github.bootcluster.ClusterServers;
import io.github.bootcluster.master.MasterRuntime;
import io.github.bootcluster.master.listen.DistributionSettings;
import io.github.bootcluster.message.ClusterMessageConverter;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.process.AccountSwitch;
import io.github.bootcluster.process.JvmCommand;
import io.github.bootcluster.process.JvmEnvironment;
import io.github.bootcluster.process.LaunchSettings;
import io.github.bootcluster.process.LogFolder;
import io.github.bootcluster.process.MasterConsole;
import io.github.bootcluster.process.WorkerAccount;
import io.github.bootcluster.process.WorkerOutput;
import io.github.bootcluster.process.WorkingDirectory;
import io.github.bootcluster.standalone.FixedLeadership;
import io.github.bootcluster.standalone.StandaloneServers;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.netty.transport.ServerTransport;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * All that runs in a master besides the beans that ask for it.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ClusterProperties.class)
@Import(MasterDistributionConfiguration.class)
@ImportAutoConfiguration({ ConfigurationPropertiesAutoConfiguration.class, LifecycleAutoConfiguration.class,
		PropertyPlaceholderAutoConfiguration.class })
class MasterConfiguration {

	private static final Log logger = LogFactory.getLog(MasterConfiguration.class);

	@Bean
	MasterRuntime bootClusterMaster(ClusterProperties properties, ConfigurableEnvironment environment,
			DistributionSettings distribution, ApplicationEventPublisher publisher) {
		List<String> fromEnvironment = JvmEnvironment.notInherited(System.getenv());
		JvmCommand inherited = JvmCommand.ofThisProcess();
		List<String> notInherited = Stream.concat(inherited.notInherited().stream(), fromEnvironment.stream()).toList();
		if (!notInherited.isEmpty()) {
			logger.info("Workers do not inherit " + notInherited);
		}
		inherited.portAgents()
			.forEach((agent) -> logger
				.warn(("'%s' listens on a port, which only one process can: workers run without it, "
						+ "unless cluster.worker.jvm-args has it with a port by slot, such as 912%%{slot}")
					.formatted(agent)));
		MasterRuntime master = MasterRuntime.create(MasterSettingsFactory.create(environment),
				WorkerTemplates.create(inherited, properties, environment), launch(properties.worker(), inherited),
				properties.workDirectory(), properties.pidFile(), distribution, publisher);
		master.readSettingsBy(new ConfigurationReader(environment, inherited));
		return master;
	}

	private static LaunchSettings launch(ClusterProperties.Worker worker, JvmCommand command) {
		Path logs = WorkingDirectory.ofThisProcess().resolve(worker.outputDirectory());
		WorkerAccount account = WorkerAccounts.of(worker);
		if (worker.output() == WorkerOutput.FILE) {
			if (account != null) {
				LogFolder.requireTrusted(logs);
			}
			LogFolder.prepare(logs);
			logger.info("Workers write to '%s'".formatted(logs.resolve("worker-<slot>.log")));
		}
		AccountSwitch accountSwitch = null;
		if (account != null) {
			accountSwitch = AccountSwitch.to(account);
			accountSwitch.require(command);
			logger.info("Workers run as '%s'".formatted(account));
		}
		return new LaunchSettings(worker.output(), logs, MasterConsole.output(), logger::warn, accountSwitch);
	}

	@Bean
	PhasedLifecycle bootClusterMasterLifecycle(MasterRuntime master) {
		// While the master's beans can still hear of it
		return PhasedLifecycle.stopping(SmartLifecycle.DEFAULT_PHASE, master::close);
	}

	@Bean(destroyMethod = "")
	Cluster bootCluster(MasterRuntime master, ClusterMessages messages) {
		return master.cluster(messages);
	}

	@Bean
	ClusterMessages bootClusterMessages(MasterRuntime master, ObjectProvider<ClusterMessageConverter> converters,
			ObjectProvider<JsonMapper> mappers) {
		return master.messages(MessageConverters.choose(converters, mappers));
	}

	@Bean
	ClusterLeadership bootClusterLeadership() {
		return new FixedLeadership(false);
	}

	@Bean
	static EagerBeans bootClusterEagerBeans() {
		return new EagerBeans();
	}

	@Bean
	static ClusterMessageListenerProcessor bootClusterMessageListenerProcessor(ConfigurableListableBeanFactory beans) {
		return new ClusterMessageListenerProcessor(beans);
	}

	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ApplicationRunner bootClusterStarter(MasterRuntime master) {
		return (arguments) -> master.start();
	}

	/**
	 * For the master's own servers, if it has any.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(ServerTransport.class)
	static class ReactorNettyConfiguration {

		@Bean
		ClusterServers bootClusterServers() {
			return new StandaloneServers();
		}

	}

}
