package io.github.bootcluster.autoconfigure;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.bootcluster.actuate.ClusterHealthIndicator;
import io.github.bootcluster.actuate.ClusterReadinessIndicator;
import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.worker.HealthSource;

import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;

/**
 * Health of the application as Actuator tells it. States that Boot does not know say
 * nothing against it, and neither does the health of the cluster: with that, a restart
 * that was aborted would let the next one fail, which is to put things right.
 */
class EndpointHealthSource implements HealthSource {

	private static final Set<Status> BAD = Set.of(Status.DOWN, Status.OUT_OF_SERVICE);

	private final HealthEndpoint endpoint;

	private final boolean withCluster;

	EndpointHealthSource(HealthEndpoint endpoint, boolean withCluster) {
		this.endpoint = endpoint;
		this.withCluster = withCluster;
	}

	@Override
	public Frame.Health check() {
		HealthDescriptor health = this.endpoint.health();
		if (!isBad(health)) {
			return new Frame.Health(true, "");
		}
		Map<String, HealthDescriptor> components = (health instanceof CompositeHealthDescriptor composite)
				? composite.getComponents() : null;
		Map<String, HealthDescriptor> all = (components != null) ? components : Map.of();
		String bad = all.entrySet()
			.stream()
			.filter((component) -> isBad(component.getValue()) && !isCluster(component.getKey()))
			.map((component) -> component.getKey() + ": " + component.getValue().getStatus())
			.collect(Collectors.joining(", "));
		if (bad.isEmpty() && all.entrySet()
			.stream()
			.anyMatch((component) -> isBad(component.getValue()) && isCluster(component.getKey()))) {
			return new Frame.Health(true, "");
		}
		return new Frame.Health(false, bad.isEmpty() ? "it is " + health.getStatus() : bad);
	}

	private boolean isCluster(String name) {
		return name.equals(ClusterReadinessIndicator.NAME)
				|| this.withCluster && name.equals(ClusterHealthIndicator.NAME);
	}

	private static boolean isBad(HealthDescriptor health) {
		return BAD.contains(health.getStatus());
	}

}
