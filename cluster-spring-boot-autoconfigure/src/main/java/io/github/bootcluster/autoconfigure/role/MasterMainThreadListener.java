package io.github.bootcluster.autoconfigure.role;

import java.util.concurrent.locks.LockSupport;

import io.github.bootcluster.ClusterRole;

import org.springframework.boot.availability.AvailabilityChangeEvent;
import org.springframework.boot.availability.ReadinessState;
import org.springframework.context.ApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;

/**
 * Keeps the master's main thread inside {@code SpringApplication.run}: what an
 * application does afterwards is the application's own and belongs to the workers. The
 * thread also keeps the process alive, since a master has no web server to do so.
 */
class MasterMainThreadListener implements ApplicationListener<AvailabilityChangeEvent<ReadinessState>>, Ordered {

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE;
	}

	@Override
	public void onApplicationEvent(AvailabilityChangeEvent<ReadinessState> event) {
		if (event.getState() == ReadinessState.ACCEPTING_TRAFFIC
				&& event.getSource() instanceof ApplicationContext context
				&& ClusterRole.of(context.getEnvironment()) == ClusterRole.MASTER
				&& RoleProperties.isMain(context.getEnvironment())) {
			while (true) {
				LockSupport.park(this);
			}
		}
	}

}
