package io.github.bootcluster.actuate;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

class ClusterExposureTests {

	private static final String INCLUDE = "management.endpoints.web.exposure.include";

	private final StandardEnvironment environment = new StandardEnvironment();

	ClusterExposureTests() {
		ConfigurationPropertySources.attach(this.environment);
		ClusterExposure.addDefault(this.environment);
	}

	@Test
	void withNothingConfiguredHealthAndClusterAreExposedAndGuarded() {
		assertThat(exposed()).containsExactly("health", "cluster");
		assertThat(this.environment.getProperty(INCLUDE)).isEqualTo("health,cluster");
		assertThat(ClusterExposure.isUnconfigured(this.environment)).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { INCLUDE, "management.endpoints.web.exposure.include[0]",
			"management.endpoints.web.exposure.exclude", "management.endpoints.access.default",
			"management.endpoints.access.DEFAULT" })
	void whoConfiguresExposureOrDefaultAccessHasOptedForActuatorsOwnRules(String property) {
		this.environment.getPropertySources().addFirst(new MapPropertySource("user", Map.of(property, "info")));
		assertThat(exposed()).doesNotContain("cluster");
		assertThat(ClusterExposure.isUnconfigured(this.environment)).isFalse();
	}

	@Test
	void anEnvironmentVariableIsAsGood() {
		this.environment.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource(StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
					Map.of("MANAGEMENT_ENDPOINTS_WEB_EXPOSURE_INCLUDE", "info")));
		assertThat(exposed()).containsExactly("info");
		assertThat(ClusterExposure.isUnconfigured(this.environment)).isFalse();
	}

	@Test
	void aSourceThatRanksLowerHasItsWordToo() {
		this.environment.getPropertySources().addLast(new MapPropertySource("annotation", Map.of(INCLUDE, "*")));
		assertThat(exposed()).containsExactly("*");
		assertThat(this.environment.getProperty(INCLUDE)).isEqualTo("*");
		assertThat(ClusterExposure.isUnconfigured(this.environment)).isFalse();
	}

	@Test
	void whoConfiguresAccessToTheClusterKeepsTheExposureAndLiftsTheGuard() {
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("user", Map.of("management.endpoint.cluster.access", "read-only")));
		assertThat(exposed()).containsExactly("health", "cluster");
		assertThat(ClusterExposure.isUnconfigured(this.environment)).isFalse();
	}

	@Test
	void otherSettingsLiftNothing() {
		this.environment.getPropertySources()
			.addFirst(new MapPropertySource("user", Map.of("management.endpoints.web.base-path", "/manage",
					"management.endpoint.health.access", "none", "management.endpoints.jmx.exposure.include", "*")));
		assertThat(exposed()).containsExactly("health", "cluster");
		assertThat(ClusterExposure.isUnconfigured(this.environment)).isTrue();
	}

	private List<String> exposed() {
		return Binder.get(this.environment).bind(INCLUDE, Bindable.listOf(String.class)).orElse(List.of());
	}

}
