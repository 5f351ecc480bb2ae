package io.github.bootcluster.autoconfigure;

import java.util.stream.Stream;

import io.github.bootcluster.event.ClusterEvent;
import io.github.bootcluster.event.ClusterStartedEvent;
import io.github.bootcluster.event.RollingRestartAbortedEvent;
import io.github.bootcluster.event.RollingRestartCompletedEvent;
import io.github.bootcluster.event.RollingRestartProgressedEvent;
import io.github.bootcluster.event.RollingRestartStartedEvent;
import io.github.bootcluster.event.WorkerDisconnectedEvent;
import io.github.bootcluster.event.WorkerExitedEvent;
import io.github.bootcluster.event.WorkerForkedEvent;
import io.github.bootcluster.event.WorkerListeningEvent;
import io.github.bootcluster.event.WorkerMessageEvent;
import io.github.bootcluster.event.WorkerOnlineEvent;
import io.github.bootcluster.event.WorkerReadyEvent;
import io.github.bootcluster.event.WorkerRespawnSuppressedEvent;
import io.github.bootcluster.event.WorkerUnresponsiveEvent;
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
