package io.github.bootcluster.autoconfigure.role;

import java.util.Map;
import java.util.Optional;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.autoconfigure.properties.UnknownProperties;
import io.github.bootcluster.autoconfigure.properties.WorkerCount;
import io.github.bootcluster.wire.WorkerIdentity;
import org.apache.commons.logging.Log;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.AotDetector;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.NativeDetector;
import org.springframework.core.SpringProperties;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;

/**
 * Decides the role of this process from its complete environment.
 */
final class RoleDecider {

	/**
	 * Where a process is run by one of these, it is a test or a build and no service.
	 */
	private static final String[] FOREIGN_LAUNCHERS = { "org.junit.", "org.testng.", "cucumber.runtime.",
			"io.cucumber.core.", "org.springframework.boot.test.",
			"org.springframework.boot.SpringApplicationAotProcessor" };

	private static final String DEVTOOLS_CLASS_LOADER = "org.springframework.boot.devtools.restart.classloader.RestartClassLoader";

	private final ClusterPlatform platform;

	private final Map<String, String> variables;

	private final StackWalker stack;

	private final ForkedProcess process;

	private final Log logger;

	RoleDecider(ClusterPlatform platform, Map<String, String> variables, ForkedProcess process, Log logger) {
		this.platform = platform;
		this.variables = variables;
		this.process = process;
		this.stack = StackWalker.getInstance();
		this.logger = logger;
	}

	/**
	 * Decides the role.
	 * @param deducedType the type of the application, unless a property sets it
	 */
	ClusterRole decide(Environment environment, @Nullable WebApplicationType deducedType, ApplicationRun run) {
		if (isWorker()) {
			return ClusterRole.WORKER;
		}
		if (this.variables.containsKey(WorkerIdentity.ID)) {
			if (isWanted(environment)) {
				this.logger
					.info(("%s=%s is inherited from a worker that started this process: it runs unclustered, as no "
							+ "master forked it")
						.formatted(WorkerIdentity.ID, this.variables.get(WorkerIdentity.ID)));
			}
			return ClusterRole.STANDALONE;
		}
		checkNames(environment);
		if (!isWanted(environment)) {
			if (isWantedWithoutWorkers(environment) && noServiceReason().isEmpty()) {
				this.logger.warn("cluster.groups is set, but cluster.workers is not: this process runs unclustered");
			}
			return ClusterRole.STANDALONE;
		}
		Optional<String> quiet = noServiceReason();
		if (quiet.isPresent()) {
			this.logger.debug("Not clustered: " + quiet.get());
			return ClusterRole.STANDALONE;
		}
		WebApplicationType type = webType(environment, deducedType);
		// A parent context has no web server, but its child may have one
		if (run == ApplicationRun.MAIN && isOneOff(environment, deducedType)) {
			this.logger
				.info("cluster.workers is set, but this process runs unclustered: it has no web server, as a job "
						+ "or a migration has none; cluster.enabled=true clusters it all the same");
			return ClusterRole.STANDALONE;
		}
		Optional<String> unsupported = unsupportedReason(type);
		if (unsupported.isPresent()) {
			this.logger.warn("cluster.workers is set, but this process runs unclustered: " + unsupported.get());
			return ClusterRole.STANDALONE;
		}
		this.platform.noHandoffReason()
			.ifPresent((reason) -> this.logger
				.warn(("Connections cannot be passed to workers (%s): they listen themselves "
						+ "with SO_REUSEPORT, and what waits to be accepted by a worker that ends is lost")
					.formatted(reason)));
		return ClusterRole.MASTER;
	}

	private void checkNames(Environment environment) {
		if (environment instanceof ConfigurableEnvironment configurable && isEnabled(Binder.get(environment))) {
			UnknownProperties unknown = UnknownProperties.find(configurable);
			if (!unknown.isEmpty() && noServiceReason().isEmpty()) {
				unknown.report(this.logger);
			}
		}
	}

	boolean isWorker() {
		return this.variables.containsKey(WorkerIdentity.ID) && this.process.isForkedByMaster(this.variables);
	}

	private static @Nullable WebApplicationType webType(Environment environment,
			@Nullable WebApplicationType deducedType) {
		return Binder.get(environment)
			.bind("spring.main.web-application-type", WebApplicationType.class)
			.orElse(deducedType);
	}

	/**
	 * Tells whether a run serves nobody, as a job or a migration does not.
	 */
	private static boolean isOneOff(Environment environment, @Nullable WebApplicationType deducedType) {
		return webType(environment, deducedType) == WebApplicationType.NONE && !isEnabledExplicitly(environment);
	}

	/**
	 * Tells whether a run in a worker is only a step before the application, such as a
	 * migration, which the program makes without a web server. A group of workers may go
	 * without one by its configuration.
	 */
	static boolean isStep(Environment environment, @Nullable WebApplicationType deducedType) {
		return deducedType == WebApplicationType.NONE && !isEnabledExplicitly(environment);
	}

	private static boolean isEnabledExplicitly(Environment environment) {
		return Binder.get(environment).bind("cluster.enabled", Boolean.class).orElse(false);
	}

	private boolean isEnabled(Binder binder) {
		return binder.bind("cluster.enabled", Boolean.class).orElse(true);
	}

	private boolean isWantedWithoutWorkers(Environment environment) {
		Binder binder = Binder.get(environment);
		return isEnabled(binder) && binder.bind("cluster.groups", Bindable.mapOf(String.class, Object.class)).isBound();
	}

	private boolean isWanted(Environment environment) {
		Binder binder = Binder.get(environment);
		if (!isEnabled(binder)) {
			return false;
		}
		String workers = binder.bind("cluster.workers", String.class).orElse("0");
		return WorkerCount.parse(workers, Runtime.getRuntime().availableProcessors()) > 0;
	}

	private Optional<String> noServiceReason() {
		if (NativeDetector.inNativeImage()) {
			return Optional.of("it is a native image");
		}
		if (Boolean.getBoolean("spring.aot.processing")) {
			return Optional.of("it is processed ahead of time");
		}
		if ("onRefresh".equals(SpringProperties.getProperty("spring.context.exit"))
				|| "onRefresh".equals(SpringProperties.getProperty("spring.context.checkpoint"))) {
			return Optional.of("it is a training run");
		}
		return this.stack
			.walk((frames) -> frames.map(StackWalker.StackFrame::getClassName).filter(this::isForeign).findFirst())
			.map((name) -> "it is run by " + name);
	}

	private boolean isForeign(String className) {
		for (String prefix : FOREIGN_LAUNCHERS) {
			if (className.startsWith(prefix)) {
				return true;
			}
		}
		return false;
	}

	private Optional<String> unsupportedReason(@Nullable WebApplicationType webType) {
		ClassLoader loader = Thread.currentThread().getContextClassLoader();
		if (loader != null && loader.getClass().getName().equals(DEVTOOLS_CLASS_LOADER)) {
			return Optional.of("DevTools restarts it within this process; to run it clustered, start the JVM with "
					+ "-Dspring.devtools.restart.enabled=false");
		}
		if (webType == WebApplicationType.SERVLET) {
			return Optional.of("servlet applications cannot be clustered, only reactive ones");
		}
		if (AotDetector.useGeneratedArtifacts()) {
			return Optional.of("spring.aot.enabled fixes the beans of a process before its role is known");
		}
		if (this.platform.noHandoffReason().isPresent() && !this.platform.isReusePortSupported()) {
			return Optional.of("this system can neither pass connections to workers (%s) nor share a port among them"
				.formatted(this.platform.noHandoffReason().get()));
		}
		return Optional.empty();
	}

}
