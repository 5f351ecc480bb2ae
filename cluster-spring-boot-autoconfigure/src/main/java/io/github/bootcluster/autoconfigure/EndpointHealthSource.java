package io.github.bootcluster.autoconfigure;

import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.bootcluster.wire.Frame;
import io.github.bootcluster.worker.HealthSource;

import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.contributor.Status;

/**
 * Health of the application as Actuator tells it. States that Boot does not know say
 * nothing against it.
 */
class EndpointHealthSource implements HealthSource {

	private static final Set<Status> BAD = Set.of(Status.DOWN, Status.OUT_OF_SERVICE);

	private final HealthEndpoint endpoint;

	EndpointHealthSource(HealthEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	@Override
	public Frame.Health check() {
		HealthDescriptor health = this.endpoint.health();
		boolean up = !BAD.contains(health.getStatus());
		return new Frame.Health(up, up ? "" : details(health));
	}

	private static String details(HealthDescriptor health) {
		Map<String, HealthDescriptor> components = (health instanceof CompositeHealthDescriptor composite)
				? composite.getComponents() : null;
		String bad = (components != null) ? components.entrySet()
			.stream()
			.filter((component) -> BAD.contains(component.getValue().getStatus()))
			.map((component) -> component.getKey() + ": " + component.getValue().getStatus())
			.collect(Collectors.joining(", ")) : "";
		return bad.isEmpty() ? "it is " + health.getStatus() : bad;
	}

}
