package io.github.bootcluster.metrics;

import io.github.bootcluster.ClusterWorker;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

class WorkerTagTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	@BeforeEach
	void filter() {
		this.registry.config().meterFilter(new WorkerTag(ClusterWorker.DEFAULT_GROUP, 3, false));
	}

	@ParameterizedTest
	@ValueSource(strings = { "orders", "cluster", "cluster.nodes" })
	void metersOfTheApplicationCarryTheSlot(String name) {
		Meter.Id id = this.registry.counter(name, "kind", "new").getId();
		assertThat(id.getTag("worker")).isEqualTo("3");
		assertThat(id.getTag("kind")).isEqualTo("new");
	}

	@Test
	void meterThatHasSuchATagKeepsIt() {
		assertThat(this.registry.counter("baked", "worker", "Alice").getId().getTag("worker")).isEqualTo("Alice");
	}

	@Test
	void whereThereAreGroupsMetersCarryThatOfTheWorkerAsWell() {
		SimpleMeterRegistry grouped = new SimpleMeterRegistry();
		grouped.config().meterFilter(new WorkerTag("jobs", 1, true));
		Meter.Id id = grouped.counter("orders").getId();
		assertThat(id.getTag("worker")).isEqualTo("1");
		assertThat(id.getTag("group")).isEqualTo("jobs");
	}

	@Test
	void metersOfTheMasterCarryNone() {
		assertThat(MasterMeters.NAMES).isNotEmpty()
			.allSatisfy((name) -> assertThat(this.registry.counter(name).getId().getTags()).isEmpty());
	}

}
