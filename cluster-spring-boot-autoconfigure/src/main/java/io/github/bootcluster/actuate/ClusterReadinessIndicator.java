package io.github.bootcluster.actuate;

import java.util.List;

import io.github.bootcluster.Cluster;
import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterStatus;
import io.github.bootcluster.ClusterUnavailableException;
import io.github.bootcluster.WorkerState;

import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;

/**
 * {@link HealthIndicator} that is out of service while fewer slots than a minimum have a
 * worker that is ready: whichever worker is asked, it answers for the service. A process
 * that is not clustered is up. It is made for the readiness group of a host or pod that a
 * balancer sends requests to.
 */
public class ClusterReadinessIndicator extends AbstractHealthIndicator {

	/**
	 * Name of the contributor.
	 */
	public static final String NAME = "clusterReadiness";

	private final Cluster cluster;

	private final int minReady;

	/**
	 * Creates an indicator.
	 * @param cluster the cluster to tell about
	 * @param minReady how many slots have to have a worker that is ready
	 */
	public ClusterReadinessIndicator(Cluster cluster, int minReady) {
		super("The readiness of the cluster cannot be told");
		this.cluster = cluster;
		this.minReady = minReady;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		if (this.cluster.role() == ClusterRole.STANDALONE) {
			builder.up();
			return;
		}
		try {
			long ready = ready(this.cluster.status());
			if (ready < this.minReady) {
				builder.outOfService();
			}
			else {
				builder.up();
			}
			builder.withDetail("ready", ready).withDetail("minReady", this.minReady);
		}
		catch (ClusterUnavailableException ex) {
			builder.unknown().withDetail("reasons", List.of(String.valueOf(ex.getMessage())));
		}
	}

	private static long ready(ClusterStatus status) {
		return status.slots()
			.stream()
			.filter((slot) -> status.workers()
				.stream()
				.anyMatch((worker) -> worker.state() == WorkerState.READY && worker.slot() == slot.number()
						&& worker.group().equals(slot.group())))
			.count();
	}

}
