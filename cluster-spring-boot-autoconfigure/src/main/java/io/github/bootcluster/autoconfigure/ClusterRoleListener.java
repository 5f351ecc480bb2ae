package io.github.bootcluster.autoconfigure;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.actuate.ClusterExposure;
import io.github.bootcluster.process.MasterConsole;
import io.github.bootcluster.process.ProcessSignals;
import io.github.bootcluster.wire.WorkerIdentity;
import io.github.bootcluster.worker.MasterConnection;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.MapPropertySource;

/**
 * Decides the role of this process once its environment is complete and logging works,
 * before the type of the application context is chosen.
 */
class ClusterRoleListener implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

	/**
	 * A process has one master, however many application contexts it has.
	 */
	private static final AtomicReference<MasterConnection> MASTER = new AtomicReference<>();

	@Override
	public int getOrder() {
		return LoggingApplicationListener.DEFAULT_ORDER + 1;
	}

	@Override
	public void onApplicationEvent(ApplicationEnvironmentPreparedEvent event) {
		ConfigurableEnvironment environment = event.getEnvironment();
		SpringApplication application = event.getSpringApplication();
		ClusterRole role = new RoleDecider(ClusterPlatform.current(), System.getenv(), ForkedProcess.current())
			.decide(environment, application.getWebApplicationType());
		if (role == ClusterRole.MASTER) {
			MasterConsole.install();
			MasterSettingsFactory.check(environment);
			UnixSocketAddress.check(environment, ClusterPlatform.current());
			becomeMaster(application, environment);
		}
		else if (role == ClusterRole.WORKER) {
			becomeWorker(event.getBootstrapContext(), environment);
		}
	}

	private void becomeMaster(SpringApplication application, ConfigurableEnvironment environment) {
		application.setWebApplicationType(WebApplicationType.NONE);
		addFirst(environment, ClusterRole.MASTER, Map.of("spring.main.web-application-type", "none"));
	}

	private void becomeWorker(ConfigurableBootstrapContext bootstrap, ConfigurableEnvironment environment) {
		WorkerIdentity identity = WorkerIdentity.from(System.getenv());
		LoggingContext.add(identity);
		ignoreTerminal();
		MasterConnection master = MASTER.updateAndGet(
				(current) -> (current != null) ? current : MasterConnection.open(identity, StarterVersion.get()));
		bootstrap.addCloseListener((closed) -> closed.getApplicationContext()
			.getBeanFactory()
			.registerSingleton("bootClusterMasterConnection", master));
		Map<String, Object> properties = new HashMap<>(Map.of("cluster.worker.id", identity.id(), "cluster.worker.slot",
				identity.slot(), "cluster.group", identity.group(), "cluster.worker.generation", identity.generation(),
				"spring.main.banner-mode", "off", "spring.devtools.restart.enabled", false, "spring.pid.file",
				pidFile(identity), "spring.pid.fail-on-write-error", false));
		UnixSocketAddress.find(environment).map(UnixSocketAddress::hide).ifPresent(properties::putAll);
		addFirst(environment, ClusterRole.WORKER, properties);
		ClusterExposure.addDefault(environment);
		WorkerDefaults.addTo(environment);
	}

	/**
	 * Keeps a worker of an application that writes a pid file of its own, by Boot's
	 * {@code ApplicationPidFileWriter}, from overwriting the master's.
	 * @param identity the worker's identity
	 * @return a file that nobody looks for, in the master's folder
	 */
	private String pidFile(WorkerIdentity identity) {
		return identity.control().resolveSibling("worker-%d.pid".formatted(identity.id())).toString();
	}

	/**
	 * Ignores the signals that a terminal sends to all processes in it: they are for the
	 * master, which tells its workers what to do.
	 */
	private void ignoreTerminal() {
		ProcessSignals.handle("INT", (number) -> {
		});
		ProcessSignals.handle("HUP", (number) -> {
		});
	}

	private void addFirst(ConfigurableEnvironment environment, ClusterRole role, Map<String, Object> properties) {
		Map<String, Object> all = new HashMap<>(properties);
		all.put(ClusterRole.PROPERTY_NAME, role);
		environment.getPropertySources().addFirst(new MapPropertySource(ClusterRole.PROPERTY_SOURCE_NAME, all));
	}

}
