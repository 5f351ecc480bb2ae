package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterSingleton;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.worker.MasterConnection;
import io.github.bootcluster.worker.StartClaim;
import io.github.bootcluster.worker.WorkerLeadership;

import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;

/**
 * Auto-configuration of what runs in one worker only, marked with
 * {@link ClusterSingleton}.
 */
@AutoConfiguration(after = ClusterWorkerAutoConfiguration.class, before = ClusterAutoConfiguration.class)
@ConditionalOnClusterRole(ClusterRole.WORKER)
public final class ClusterSingletonAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	WorkerLeadership bootClusterLeadership(MasterConnection master, ApplicationEventPublisher publisher) {
		WorkerLeadership leadership = new WorkerLeadership(master, publisher);
		leadership.start();
		return leadership;
	}

	@Bean
	@ConditionalOnMissingBean(name = "bootClusterLeadershipLifecycle")
	PhasedLifecycle bootClusterLeadershipLifecycle(WorkerLeadership leadership) {
		// The first thing when the application is closed
		return PhasedLifecycle.stopping(SmartLifecycle.DEFAULT_PHASE, leadership::giveUp);
	}

	@Bean
	@ConditionalOnMissingBean
	StartClaim bootClusterStartClaim(MasterConnection master) {
		return new StartClaim(master);
	}

	@Bean
	static SingletonSchedulingRegistrar bootClusterSingletonSchedulingRegistrar() {
		return new SingletonSchedulingRegistrar();
	}

	@Bean
	static SingletonRunnerProcessor bootClusterSingletonRunnerProcessor(ListableBeanFactory beans,
			ObjectProvider<StartClaim> claim) {
		return new SingletonRunnerProcessor(beans, claim);
	}

}
