package io.github.bootcluster.autoconfigure;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.ConditionalOnClusterRole;
import io.github.bootcluster.metrics.MasterMeters;
import io.github.bootcluster.metrics.WorkerTag;
import io.github.bootcluster.worker.MasterConnection;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of a worker's meters: the master's
 * among them, and its own with its slot.
 */
@AutoConfiguration
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnClusterRole(ClusterRole.WORKER)
public final class ClusterMetricsAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean
	MasterMeters bootClusterMasterMeters(Cluster cluster, ObjectProvider<MasterConnection> master) {
		MasterMeters meters = new MasterMeters(cluster);
		master.ifAvailable((connection) -> connection.addStatusReader(meters::update));
		return meters;
	}

	// Behind the tags of management.metrics.tags, which may name another worker, and
	// before the filters of the application, which may do without the tag
	@Bean
	@Order(1)
	@ConditionalOnMissingBean
	WorkerTag bootClusterWorkerTag(Environment environment) {
		String group = environment.getProperty("cluster.worker.group", ClusterWorker.DEFAULT_GROUP);
		return new WorkerTag(group, environment.getRequiredProperty("cluster.worker.slot", Integer.class),
				!group.equals(ClusterWorker.DEFAULT_GROUP) || WorkerGroups.areConfigured(environment));
	}

}
