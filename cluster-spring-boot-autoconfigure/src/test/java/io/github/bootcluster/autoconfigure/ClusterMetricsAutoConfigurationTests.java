package io.github.bootcluster.autoconfigure;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.ClusterWorker;
import io.github.bootcluster.actuate.FakeCluster;
import io.github.bootcluster.metrics.MasterMeters;
import io.github.bootcluster.metrics.WorkerTag;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.config.MeterFilter;
import org.junit.jupiter.api.Test;

import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.actuate.endpoint.MetricsEndpoint;
import org.springframework.boot.micrometer.metrics.actuate.endpoint.MetricsEndpoint.AvailableTag;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.jvm.JvmMetricsAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.MapPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

class ClusterMetricsAutoConfigurationTests {

	private final ApplicationContextRunner standalone = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(ClusterMetricsAutoConfiguration.class, MetricsAutoConfiguration.class,
				CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
				JvmMetricsAutoConfiguration.class))
		.withBean(FakeCluster.class);

	private final ApplicationContextRunner worker = this.standalone
		.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new MapPropertySource(ClusterRole.PROPERTY_SOURCE_NAME,
					Map.of(ClusterRole.PROPERTY_NAME, ClusterRole.WORKER, "cluster.worker.slot", 2))));

	@Test
	void workerAnswersWithTheMastersMetersAmongItsOwn() {
		this.worker.run((context) -> {
			MetricsEndpoint endpoint = new MetricsEndpoint(context.getBean(MeterRegistry.class));
			assertThat(endpoint.listNames().getNames()).containsAll(MasterMeters.NAMES).contains("jvm.memory.used");
			assertThat(metric(endpoint, "cluster.connections.accepted").getMeasurements()).singleElement()
				.satisfies((sample) -> assertThat(sample.getValue()).isEqualTo(100));
			assertThat(tags(endpoint, "cluster.connections.accepted")).isEqualTo(Map.of("process", Set.of("master")));
			assertThat(tags(endpoint, "cluster.worker.connections"))
				.isEqualTo(Map.of("process", Set.of("master"), "worker", Set.of("1", "2")));
		});
	}

	@Test
	void everyMeterOfAWorkerCarriesItsSlot() {
		this.worker.withBean("early", MeterBinder.class, () -> (registry) -> registry.counter("early"))
			.run((context) -> {
				MeterRegistry registry = context.getBean(MeterRegistry.class);
				registry.counter("late");
				assertThat(registry.getMeters())
					.filteredOn((meter) -> !MasterMeters.NAMES.contains(meter.getId().getName()))
					.hasSizeGreaterThan(10)
					.allSatisfy((meter) -> assertThat(meter.getId().getTag("worker")).isEqualTo("2"))
					.extracting((meter) -> meter.getId().getName())
					.contains("early", "late", "jvm.memory.used");
			});
	}

	@Test
	void whatTheApplicationSaysOfTheTagWins() {
		this.worker.withPropertyValues("management.metrics.tags.worker=mine")
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).counter("late").getId().getTag("worker"))
				.isEqualTo("mine"));
		this.worker.withBean(MeterFilter.class, () -> MeterFilter.ignoreTags("worker"))
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).counter("late").getId().getTags())
				.isEmpty());
	}

	@Test
	void metersOfTheMasterCanBeSwitchedOff() {
		this.worker.withPropertyValues("management.metrics.enable.cluster=false")
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).getMeters())
				.extracting((meter) -> meter.getId().getName())
				.doesNotContainAnyElementsOf(MasterMeters.NAMES));
	}

	@Test
	void processThatIsNotClusteredHasNoneOfThis() {
		this.standalone.run((context) -> {
			assertThat(context).doesNotHaveBean(MasterMeters.class).doesNotHaveBean(WorkerTag.class);
			assertThat(context.getBean(MeterRegistry.class).counter("late").getId().getTags()).isEmpty();
		});
	}

	@Test
	void applicationWithoutMicrometerStarts() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(ClusterMetricsAutoConfiguration.class))
			.withBean(FakeCluster.class)
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource(ClusterRole.PROPERTY_SOURCE_NAME,
						Map.of(ClusterRole.PROPERTY_NAME, ClusterRole.WORKER, "cluster.worker.slot", 2))))
			.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("bootClusterMasterMeters"));
	}

	@Test
	void workerWithoutARegistryStarts() {
		this.worker.withPropertyValues("management.simple.metrics.export.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void theBeansOfTheApplicationWin() {
		WorkerTag own = new WorkerTag(ClusterWorker.DEFAULT_GROUP, 77, false);
		this.worker.withBean("own", WorkerTag.class, () -> own)
			.run((context) -> assertThat(context).getBean(WorkerTag.class).isSameAs(own));
	}

	@Test
	void whereThereAreGroupsMetersTellTheirs() {
		this.worker.withPropertyValues("cluster.groups.jobs.workers=1", "cluster.worker.group=jobs").run((context) -> {
			MeterRegistry registry = context.getBean(MeterRegistry.class);
			assertThat(registry.counter("late").getId().getTags()).containsExactlyInAnyOrder(Tag.of("group", "jobs"),
					Tag.of("worker", "2"));
			FakeCluster cluster = context.getBean(FakeCluster.class);
			cluster.addGroup("jobs");
			context.getBean(MasterMeters.class).update(cluster.status());
			assertThat(tags(new MetricsEndpoint(registry), "cluster.worker.connections").keySet())
				.containsExactlyInAnyOrder("process", "group", "worker");
		});
	}

	private static Map<String, Set<String>> tags(MetricsEndpoint endpoint, String name) {
		return metric(endpoint, name).getAvailableTags()
			.stream()
			.collect(Collectors.toMap(AvailableTag::getTag, AvailableTag::getValues));
	}

	private static MetricsEndpoint.MetricDescriptor metric(MetricsEndpoint endpoint, String name) {
		return Objects.requireNonNull(endpoint.metric(name, null), name);
	}

}
