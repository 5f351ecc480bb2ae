package io.github.bootcluster.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterLeadership;
import io.github.bootcluster.ClusterServers;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.autoconfigure.properties.ClusterProperties;
import io.github.bootcluster.autoconfigure.properties.ConfigurationReader;
import io.github.bootcluster.autoconfigure.properties.MasterSettingsFactory;
import io.github.bootcluster.autoconfigure.properties.WorkerAccounts;
import io.github.bootcluster.autoconfigure.properties.WorkerTemplates;
import io.github.bootcluster.file.WriteFailures;
import io.github.bootcluster.master.MasterRuntime;
import io.github.bootcluster.master.RuntimeSettings;
import io.github.bootcluster.master.listen.DistributionSettings;
import io.github.bootcluster.master.supervise.EventLine;
import io.github.bootcluster.master.supervise.MasterSettings;
import io.github.bootcluster.master.supervise.WorkerGroup;
import io.github.bootcluster.master.supervise.WorkerTemplate;
import io.github.bootcluster.message.ClusterMessageConverter;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.process.AccountSwitch;
import io.github.bootcluster.process.ArchiveCache;
import io.github.bootcluster.process.HostResources;
import io.github.bootcluster.process.JvmCommand;
import io.github.bootcluster.process.JvmEnvironment;
import io.github.bootcluster.process.LaunchSettings;
import io.github.bootcluster.process.LogFolder;
import io.github.bootcluster.process.MasterConsole;
import io.github.bootcluster.process.ResourceDivision;
import io.github.bootcluster.process.WorkerAccount;
import io.github.bootcluster.process.WorkerOutput;
import io.github.bootcluster.process.WorkerShare;
import io.github.bootcluster.process.WorkingDirectory;
import io.github.bootcluster.standalone.FixedLeadership;
import io.github.bootcluster.standalone.StandaloneServers;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
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
import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

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
		MasterSettings settings = MasterSettingsFactory.create(environment);
		Map<String, WorkerTemplate> templates = WorkerTemplates.create(inherited, properties, environment);
		templates.forEach((group, template) -> tellShare(group, template, settings));
		MasterRuntime master = MasterRuntime.create(new RuntimeSettings(settings, templates,
				launch(properties.worker(), inherited, isStructured(environment)), distribution,
				new RuntimeSettings.Files(properties.workDirectory(), properties.pidFile(),
						archives(properties, inherited), properties.archive().trainingRun())),
				publisher);
		master.readSettingsBy(new ConfigurationReader(environment, inherited));
		return master;
	}

	private static void tellShare(String group, WorkerTemplate template, MasterSettings settings) {
		ResourceDivision division = template.division();
		if (division == null) {
			return;
		}
		HostResources host = HostResources.ofThisProcess();
		WorkerShare share = division.share(host, settings.allWorkers());
		String workers = group.equals(ClusterWorker.DEFAULT_GROUP) ? "worker" : "worker of group " + group;
		division.percentage()
			.ifPresent((percentage) -> logger
				.warn("-XX:MaxRAMPercentage=%s is that of the whole cluster: each %s gets a heap of at most %d MB"
					.formatted(percentage, workers, share.maxHeap() >> 20)));
		if (!share.describe().isEmpty()) {
			logger.info("Dividing %d processors and %d MB of memory among %d workers: each %s gets %s"
				.formatted(host.processors(), host.memory() >> 20, settings.allWorkers(), workers, share.describe()));
		}
	}

	private static @Nullable ArchiveCache archives(ClusterProperties properties, JvmCommand command) {
		ClusterProperties.Archive archive = properties.archive();
		// An archive is code: what one account has written, another must not load
		if (!archive.enabled() || command.jar().isEmpty() || properties.worker().runAs().user() != null) {
			return null;
		}
		@Nullable Path folder = (archive.directory() != null) ? WorkingDirectory.ofThisProcess().resolve(archive.directory())
				: userCache();
		if (folder == null) {
			logger.info("Workers start without an archive of classes: '%s', the home of this account, does not exist, "
				.formatted(System.getProperty("user.home")) + "and cluster.archive.directory is not set");
			return null;
		}
		try {
			return ArchiveCache.open(folder, archive.maxSize().toBytes(), logger::info);
		}
		catch (IOException ex) {
			logger
				.info("Workers start without an archive of classes: '%s' (cluster.archive.directory) cannot be used: %s"
					.formatted(folder, WriteFailures.describe(ex)));
			return null;
		}
	}

	private static @Nullable Path userCache() {
		String cache = System.getenv().getOrDefault("XDG_CACHE_HOME", "");
		Path home = Path.of(System.getProperty("user.home"));
		if (!cache.startsWith("/") && !Files.isDirectory(home)) {
			return null;
		}
		return (cache.startsWith("/") ? Path.of(cache) : home.resolve(".cache")).resolve("cluster-spring-boot");
	}

	private static LaunchSettings launch(ClusterProperties.Worker worker, JvmCommand command, boolean structured) {
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
		return new LaunchSettings(worker.output(), logs, MasterConsole.output(),
				structured ? MasterConfiguration::logPlainLine : null, logger::warn, accountSwitch);
	}

	private static boolean isStructured(Environment environment) {
		return StringUtils.hasText(environment.getProperty("logging.structured.format.console"));
	}

	/**
	 * Logs a line of a worker that did not come from its logger, in the master's own
	 * format.
	 * @return whether the level of the log allows it
	 */
	private static boolean logPlainLine(String worker, String line) {
		if (!EventLine.isInfoEnabled()) {
			return false;
		}
		int dash = worker.lastIndexOf('-');
		String group = worker.substring(0, dash);
		new EventLine("output")
			.add("worker.group", group.equals(WorkerGroup.DEFAULT_PREFIX) ? ClusterWorker.DEFAULT_GROUP : group)
			.add("worker.slot", worker.substring(dash + 1))
			.info(line);
		return true;
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
