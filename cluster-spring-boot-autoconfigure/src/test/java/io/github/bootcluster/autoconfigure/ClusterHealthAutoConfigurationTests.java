package io.github.bootcluster.autoconfigure;

import java.util.Map;
import java.util.Objects;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.actuate.ClusterHealthIndicator;
import io.github.bootcluster.actuate.ClusterReadinessIndicator;
import io.github.bootcluster.actuate.FakeCluster;
import io.github.bootcluster.message.ClusterMessages;
import io.github.bootcluster.standalone.StandaloneCluster;
import io.github.bootcluster.wire.Frame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.availability.ApplicationAvailabilityAutoConfiguration;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.AvailabilityProbesAutoConfiguration;
import org.springframework.boot.health.autoconfigure.actuate.endpoint.HealthEndpointAutoConfiguration;
import org.springframework.boot.health.autoconfigure.application.AvailabilityHealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.contributor.HealthContributorAutoConfiguration;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

class ClusterHealthAutoConfigurationTests {

	private final ApplicationContextRunner standalone = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterHealthAutoConfiguration.class,
				ClusterReadinessAutoConfiguration.class, HealthContributorAutoConfiguration.class,
				HealthContributorRegistryAutoConfiguration.class, HealthEndpointAutoConfiguration.class))
		.withBean(FakeCluster.class);

	private final ApplicationContextRunner worker = this.standalone
		.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource(ClusterRole.PROPERTY_SOURCE_NAME,
					Map.of(ClusterRole.PROPERTY_NAME, ClusterRole.WORKER))));

	@Test
	void healthOfAWorkerTellsOfTheCluster() {
		this.worker.run((context) -> {
			assertThat(status(context, "cluster")).isEqualTo(Status.UP);
			context.getBean(FakeCluster.class).abortRestart();
			assertThat(status(context, "cluster")).as("the service serves").isEqualTo(Status.UP);
			context.getBean(FakeCluster.class).giveUpAll();
			assertThat(status(context, "cluster")).isEqualTo(Status.DOWN);
			assertThat(status(context)).isEqualTo(Status.DOWN);
		});
	}

	@Test
	void readinessOfTheServiceIsToldWhereItIsAskedFor() {
		this.worker.run((context) -> assertThat(context).doesNotHaveBean(ClusterReadinessIndicator.class));
		this.worker
			.withConfiguration(AutoConfigurations.of(ApplicationAvailabilityAutoConfiguration.class,
					AvailabilityHealthContributorAutoConfiguration.class, AvailabilityProbesAutoConfiguration.class))
			.withPropertyValues("cluster.health.min-ready=1", "management.endpoint.health.probes.enabled=true",
					"management.endpoint.health.group.readiness.include=readinessState,clusterReadiness")
			.run((context) -> {
				assertThat(status(context, "readiness", "clusterReadiness")).isEqualTo(Status.UP);
				context.getBean(FakeCluster.class).giveUpAll();
				assertThat(status(context, "readiness", "clusterReadiness")).isEqualTo(Status.OUT_OF_SERVICE);
				assertThat(status(context, "readiness")).isEqualTo(Status.OUT_OF_SERVICE);
			});
		// Of the two workers one is ready
		this.worker.withPropertyValues("cluster.health.min-ready=2").run((context) -> {
			assertThat(status(context, "clusterReadiness")).isEqualTo(Status.OUT_OF_SERVICE);
			assertThat(health(context, true).up()).as("nothing against a new version").isTrue();
		});
	}

	@Test
	void groupThatNamesTheReadinessOfTheServiceStartsWithoutAClusterAndWithoutItsHealth() {
		String[] properties = { "cluster.health.min-ready=2",
				"management.endpoint.health.group.service.include=clusterReadiness" };
		new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(ClusterReadinessAutoConfiguration.class,
					HealthContributorAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class,
					HealthEndpointAutoConfiguration.class))
			.withBean(StandaloneCluster.class, () -> new StandaloneCluster(mock(ClusterMessages.class)))
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource(ClusterRole.PROPERTY_SOURCE_NAME,
						Map.of(ClusterRole.PROPERTY_NAME, ClusterRole.STANDALONE))))
			.withPropertyValues(properties)
			.run((context) -> assertThat(status(context, "service")).isEqualTo(Status.UP));
		this.worker.withPropertyValues(properties)
			.withPropertyValues("management.health.cluster.enabled=false", "management.health.defaults.enabled=false")
			.run((context) -> assertThat(status(context, "service")).isEqualTo(Status.OUT_OF_SERVICE));
	}

	@ParameterizedTest
	@ValueSource(strings = { "liveness", "readiness" })
	void probesOfTheProcessDoNotAskForTheCluster(String group) {
		this.worker
			.withConfiguration(AutoConfigurations.of(ApplicationAvailabilityAutoConfiguration.class,
					AvailabilityHealthContributorAutoConfiguration.class, AvailabilityProbesAutoConfiguration.class))
			.withPropertyValues("management.endpoint.health.probes.enabled=true")
			.run((context) -> {
				assertThat(status(context, group, group + "State")).isNotNull();
				assertThat(context.getBean(HealthEndpoint.class).healthForPath(group, "cluster")).isNull();
			});
	}

	@Test
	void contributorCanBeSwitchedOff() {
		this.worker.withPropertyValues("management.health.cluster.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ClusterHealthIndicator.class));
		this.worker.withPropertyValues("management.health.defaults.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(ClusterHealthIndicator.class));
	}

	@Test
	void processThatIsNotClusteredHasNoSuchContributor() {
		this.standalone.run((context) -> assertThat(context).doesNotHaveBean(ClusterHealthIndicator.class));
	}

	@Test
	void applicationWithoutHealthStarts() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ClusterHealthAutoConfiguration.class))
			.withBean(FakeCluster.class)
			.withClassLoader(new FilteredClassLoader(HealthIndicator.class))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("clusterHealthIndicator"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "clusterHealthIndicator", "clusterHealthContributor" })
	void contributorOfTheApplicationWins(String name) {
		this.worker.withBean(name, HealthIndicator.class, () -> () -> Health.outOfService().build())
			.run((context) -> assertThat(status(context, "cluster")).isEqualTo(Status.OUT_OF_SERVICE));
	}

	@Test
	void healthOfTheClusterIsNotHeldAgainstANewWorker() {
		this.worker.run((context) -> {
			context.getBean(FakeCluster.class).abortRestart();
			assertThat(health(context, true)).isEqualTo(new Frame.Health(true, ""));
		});
	}

	@Test
	void healthOfTheApplicationIs() {
		this.worker.withBean("dbHealthIndicator", HealthIndicator.class, () -> () -> Health.down().build())
			.run((context) -> {
				assertThat(health(context, true)).isEqualTo(new Frame.Health(false, "db: DOWN"));
				context.getBean(FakeCluster.class).abortRestart();
				assertThat(health(context, true)).isEqualTo(new Frame.Health(false, "db: DOWN"));
			});
	}

	@Test
	void healthOfAnotherClusterThatTheApplicationKnowsIsToo() {
		this.worker.withBean("clusterHealthIndicator", HealthIndicator.class, () -> () -> Health.down().build())
			.run((context) -> assertThat(health(context, false)).isEqualTo(new Frame.Health(false, "cluster: DOWN")));
	}

	private static Frame.Health health(AssertableApplicationContext context, boolean withCluster) {
		return new EndpointHealthSource(context.getBean(HealthEndpoint.class), withCluster).check();
	}

	private static Status status(AssertableApplicationContext context, String... path) {
		return Objects.requireNonNull(context.getBean(HealthEndpoint.class).healthForPath(path)).getStatus();
	}

}
