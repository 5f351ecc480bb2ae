package io.github.bootcluster.autoconfigure.role;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.autoconfigure.properties.MasterSettingsFactory;
import io.github.bootcluster.autoconfigure.properties.UnixSocketAddress;
import io.github.bootcluster.process.MasterConsole;
import io.github.bootcluster.wire.WorkerIdentity;
import io.github.bootcluster.worker.MasterConnection;

import org.springframework.boot.bootstrap.ConfigurableBootstrapContext;
import org.springframework.boot.context.event.ApplicationEnvironmentPreparedEvent;
import org.springframework.boot.context.logging.LoggingApplicationListener;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.env.ConfigurableEnvironment;

/**
 * Does what follows from the role of this process as soon as there is a log: whatever
 * fails is explained as the failure of any start is.
 */
class ClusterStartListener implements ApplicationListener<ApplicationEnvironmentPreparedEvent>, Ordered {

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
		ConfigurableBootstrapContext bootstrap = event.getBootstrapContext();
		if (bootstrap.isRegistered(RoleDecision.class)) {
			RoleDecision decision = Objects.requireNonNull(bootstrap.get(RoleDecision.class));
			decision.log().replayTo(RoleDecider.class);
			if (decision.failure() != null) {
				throw decision.failure();
			}
			WorkerIdentity identity = decision.identity();
			if (identity != null) {
				connect(identity, bootstrap);
			}
			else if (decision.role() == ClusterRole.MASTER && decision.main()) {
				checkMaster(event.getEnvironment());
			}
		}
	}

	private void checkMaster(ConfigurableEnvironment environment) {
		LoggingContext.addMaster();
		EarlyEnd.check();
		MasterConsole.install();
		MasterSettingsFactory.check(environment);
		UnixSocketAddress.check(environment, ClusterPlatform.current().noHandoffReason());
	}

	private void connect(WorkerIdentity identity, ConfigurableBootstrapContext bootstrap) {
		LoggingContext.add(identity);
		MasterConnection master = MASTER.updateAndGet(
				(current) -> (current != null) ? current : MasterConnection.open(identity, StarterVersion.get()));
		bootstrap.addCloseListener((closed) -> closed.getApplicationContext()
			.getBeanFactory()
			.registerSingleton("bootClusterMasterConnection", master));
	}

}
