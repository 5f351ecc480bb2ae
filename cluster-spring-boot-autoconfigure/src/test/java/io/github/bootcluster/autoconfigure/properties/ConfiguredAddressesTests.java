package io.github.bootcluster.autoconfigure.properties;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ConfiguredAddressesTests {

	@Test
	void portsAndPathsOfTheServersAreConfigured() {
		assertThat(describe("server.port=80", "server.address=127.0.0.1", "management.server.port=81",
				"cluster.groups.jobs.port=82", "spring.rsocket.server.port=83"))
			.containsExactlyInAnyOrder("127.0.0.1:80", "*:81", "127.0.0.1:82", "*:83");
		assertThat(describe("server.address=unix:/run/app.sock")).containsExactlyInAnyOrder("/run/app.sock", "*:8080");
	}

	@Test
	void furtherAddressesAreAPortAHostAndAPortOrAPath() {
		assertThat(describe("server.port=0", "cluster.worker.addresses=25,127.0.0.1:26,[::1]:27,/run/b/../a.sock"))
			.containsExactlyInAnyOrder("*:25", "127.0.0.1:26", "0:0:0:0:0:0:0:1:27", "/run/a.sock");
	}

	@ParameterizedTest
	@ValueSource(strings = { "http", "0", "70000", "127.0.0.1", "localhost:" })
	void whatIsNoAddressIsRefused(String value) {
		assertThatExceptionOfType(InvalidClusterPropertyException.class)
			.isThrownBy(() -> describe("cluster.worker.addresses=" + value))
			.withMessageContaining("cluster.worker.addresses");
	}

	private static List<String> describe(String... properties) {
		MockEnvironment environment = new MockEnvironment();
		for (String property : properties) {
			String[] parts = property.split("=", 2);
			environment.setProperty(parts[0], parts[1]);
		}
		return ConfiguredAddresses
			.find(Binder.get(environment).bindOrCreate("cluster", ClusterProperties.class), environment)
			.describe();
	}

}
