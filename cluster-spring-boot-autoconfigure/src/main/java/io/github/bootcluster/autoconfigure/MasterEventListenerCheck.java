package io.github.bootcluster.autoconfigure;

import java.util.stream.Stream;

import io.github.bootcluster.ClusterEvent;
import io.github.bootcluster.ClusterStartedEvent;
import io.github.bootcluster.RollingRestartAbortedEvent;
import io.github.bootcluster.RollingRestartCompletedEvent;
import io.github.bootcluster.RollingRestartProgressedEvent;
import io.github.bootcluster.RollingRestartStartedEvent;
import io.github.bootcluster.WorkerDisconnectedEvent;
import io.github.bootcluster.WorkerExitedEvent;
import io.github.bootcluster.WorkerForkedEvent;
import io.github.bootcluster.WorkerListeningEvent;
import io.github.bootcluster.WorkerMessageEvent;
import io.github.bootcluster.WorkerOnlineEvent;
import io.github.bootcluster.WorkerReadyEvent;
import io.github.bootcluster.WorkerRespawnSuppressedEvent;
import io.github.bootcluster.WorkerUnresponsiveEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.GenericApplicationListener;
import org.springframework.context.support.AbstractApplicationContext;
import org.springframework.core.ResolvableType;

/**
 * Points out listeners that wait in a worker for what only a master publishes.
 */
class MasterEventListenerCheck implements ApplicationListener<ApplicationStartedEvent> {

	private static final Log logger = LogFactory.getLog(MasterEventListenerCheck.class);

	private static final ResolvableType ANY_EVENT = ResolvableType.forClass(ApplicationEvent.class);

	private static final Class<?>[] MASTER_EVENTS = { ClusterEvent.class, ClusterStartedEvent.class,
			WorkerForkedEvent.class, WorkerOnlineEvent.class, WorkerListeningEvent.class, WorkerReadyEvent.class,
			WorkerDisconnectedEvent.class, WorkerExitedEvent.class, WorkerUnresponsiveEvent.class,
			WorkerRespawnSuppressedEvent.class, WorkerMessageEvent.class, RollingRestartStartedEvent.class,
			RollingRestartProgressedEvent.class, RollingRestartCompletedEvent.class, RollingRestartAbortedEvent.class };

	@Override
	public void onApplicationEvent(ApplicationStartedEvent event) {
		if (event.getApplicationContext() instanceof AbstractApplicationContext context) {
			context.getApplicationListeners()
				.stream()
				.filter(this::awaitsMasterEvents)
				.forEach((listener) -> logger.warn(("%s listens to an event that only the master publishes and will "
						+ "hear nothing in a worker: annotate its class with @ConditionalOnClusterRole(MASTER)")
					.formatted(listener)));
		}
	}

	private boolean awaitsMasterEvents(ApplicationListener<?> listener) {
		return listener instanceof GenericApplicationListener generic && !generic.supportsEventType(ANY_EVENT)
				&& Stream.of(MASTER_EVENTS).map(ResolvableType::forClass).anyMatch(generic::supportsEventType);
	}

}
