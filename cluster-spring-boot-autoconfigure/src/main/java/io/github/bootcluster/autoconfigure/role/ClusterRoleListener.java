package io.github.bootcluster.autoconfigure.role;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.actuate.ClusterExposure;
import io.github.bootcluster.autoconfigure.properties.UnixSocketAddress;
import io.github.bootcluster.process.EarlySignals;
import io.github.bootcluster.process.HotSpotCommands;
import io.github.bootcluster.process.ProcessSignals;
import io.github.bootcluster.wire.WorkerIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.bootstrap.BootstrapRegistry.InstanceSupplier;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.event.ApplicationFailedEvent;
import org.springframework.boot.context.event.ApplicationStartingEvent;
import org.springframework.boot.context.event.SpringApplicationEvent;
import org.springframework.boot.logging.DeferredLog;
import org.springframework.boot.support.EnvironmentPostProcessorApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Decides the role of this process once its environment is complete, before logging is
 * set up by it and before the type of the application context is chosen. What there is to
 * say of the decision is left to {@link ClusterStartListener}.
 */
class ClusterRoleListener implements ApplicationListener<SpringApplicationEvent>, Ordered {

	/**
	 * Signals that a terminal sends to all processes in it: they are for the master,
	 * which tells its workers what to do.
	 */
	private static final Set<String> OF_TERMINAL = Set.of("INT", "HUP");

	/**
	 * The role of this process as part of a cluster, which no later run changes.
	 */
	private static volatile @Nullable ClusterRole clustered;

	private static final AtomicBoolean MAIN_OF_WORKER = new AtomicBoolean();

	@Override
	public int getOrder() {
		return EnvironmentPostProcessorApplicationListener.DEFAULT_ORDER + 1;
	}

	@Override
	public void onApplicationEvent(SpringApplicationEvent event) {
		if (event instanceof ApplicationStartingEvent && clustered == null
				&& ApplicationRun.current() != ApplicationRun.NESTED) {
			EarlySignals.hold();
		}
		else if (event instanceof ApplicationEnvironmentPreparedEvent prepared) {
			decide(prepared, ApplicationRun.current());
		}
		else if (event instanceof ApplicationFailedEvent && clustered == null) {
			EarlySignals.release(Set.of());
		}
	}

	private void decide(ApplicationEnvironmentPreparedEvent event, ApplicationRun run) {
		ConfigurableEnvironment environment = event.getEnvironment();
		DeferredLog log = new DeferredLog();
		RoleDecider decider = new RoleDecider(ClusterPlatform.current(), System.getenv(), ForkedProcess.current(), log);
		if (run == ApplicationRun.NESTED && clustered == null) {
			// The run around this one decides, or has decided that there is no cluster
			addNestedDefaults(environment, decider);
			return;
		}
		RoleDecision decision;
		try {
			decision = decide(event.getSpringApplication(), environment, decider, run, log);
		}
		catch (RuntimeException ex) {
			decision = new RoleDecision(ClusterRole.STANDALONE, false, null, log, ex);
			RoleProperties.addUnclusteredDefaults(environment);
		}
		RoleDecision made = decision;
		event.getBootstrapContext().registerIfAbsent(RoleDecision.class, InstanceSupplier.of(made));
	}

	private static void addNestedDefaults(ConfigurableEnvironment environment, RoleDecider decider) {
		if (decider.isWorker()) {
			RoleProperties.addDefaults(environment, RoleProperties.ofWorker(WorkerIdentity.from(System.getenv())));
		}
		else {
			RoleProperties.addUnclusteredDefaults(environment);
		}
	}

	private RoleDecision decide(SpringApplication application, ConfigurableEnvironment environment, RoleDecider decider,
			ApplicationRun run, DeferredLog log) {
		ClusterRole known = clustered;
		ClusterRole role = (known != null) ? known
				: decider.decide(environment, application.getWebApplicationType(), run);
		RoleDecision decision;
		if (role == ClusterRole.MASTER) {
			decision = new RoleDecision(role, known == null, null, log, null);
			becomeMaster(application, environment, decision);
		}
		else if (role == ClusterRole.WORKER) {
			WorkerIdentity identity = WorkerIdentity.from(System.getenv());
			boolean main = run == ApplicationRun.MAIN
					&& !RoleDecider.isStep(environment, application.getWebApplicationType())
					&& MAIN_OF_WORKER.compareAndSet(false, true);
			decision = new RoleDecision(role, main, identity, log, null);
			becomeWorker(environment, decision);
		}
		else {
			EarlySignals.release(Set.of());
			RoleProperties.addUnclusteredDefaults(environment);
			return new RoleDecision(role, false, null, log, null);
		}
		clustered = role;
		return decision;
	}

	private void becomeMaster(SpringApplication application, ConfigurableEnvironment environment,
			RoleDecision decision) {
		EarlySignals.keep();
		Map<String, Object> properties = new HashMap<>();
		if (decision.main()) {
			new Thread(HotSpotCommands::excludeOptimizingCompiler, "cluster-compiler").start();
			application.setWebApplicationType(WebApplicationType.NONE);
			properties.put("spring.main.web-application-type", "none");
			// It is not the application that starts here
			properties.put("spring.main.log-startup-info", false);
			properties.putAll(ProcessLogFile.ofMaster(environment));
		}
		RoleProperties.add(environment, decision, properties);
		RoleProperties.addMasterDefaults(environment);
	}

	private void becomeWorker(ConfigurableEnvironment environment, RoleDecision decision) {
		WorkerIdentity identity = Objects.requireNonNull(decision.identity());
		EarlySignals.release(OF_TERMINAL);
		OF_TERMINAL.forEach((signal) -> ProcessSignals.handle(signal, (number) -> {
		}));
		Map<String, Object> properties = new HashMap<>(RoleProperties.ofWorker(identity));
		properties.putAll(ProcessLogFile.ofWorker(environment, identity));
		properties.putAll(Map.of("spring.main.banner-mode", "off", "spring.devtools.restart.enabled", false,
				"spring.pid.file", pidFile(identity), "spring.pid.fail-on-write-error", false));
		UnixSocketAddress.find(environment).map(UnixSocketAddress::hide).ifPresent(properties::putAll);
		RoleProperties.add(environment, decision, properties);
		ClusterExposure.addDefault(environment);
		WorkerDefaults.addTo(environment);
	}

	/**
	 * Keeps a worker of an application that writes a pid file of its own, by Boot's
	 * {@code ApplicationPidFileWriter}, from overwriting the master's.
	 */
	private String pidFile(WorkerIdentity identity) {
		return identity.control().resolveSibling("worker-%d.pid".formatted(identity.id())).toString();
	}

}
