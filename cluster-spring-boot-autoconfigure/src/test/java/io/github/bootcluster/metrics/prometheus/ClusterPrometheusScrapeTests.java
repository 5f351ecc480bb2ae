package io.github.bootcluster.metrics.prometheus;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.Stream;

import io.github.bootcluster.metrics.prometheus.MeterFamily.Type;
import io.github.bootcluster.wire.Frame.CollectedMeters;
import io.github.bootcluster.worker.MeterExchange;
import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.LongTaskTimer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.mockito.ArgumentCaptor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyInt;
import static org.mockito.ArgumentMatchers.anyLong;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.BDDMockito.given;
import static org.mockito.BDDMockito.willAnswer;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;

/**
 * Promises on a scrape of all workers. The master is a list of what workers have told.
 */
class ClusterPrometheusScrapeTests {

	private final PrometheusRegistry registry = new PrometheusRegistry();

	private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT, this.registry,
			Clock.SYSTEM);

	private final MeterExchange exchange = mock(MeterExchange.class);

	private final List<CollectedMeters> master = new ArrayList<>();

	private final ClusterPrometheusScrape scrape = new ClusterPrometheusScrape(this.registry,
			() -> Stream.of(this.meters), this.exchange, Duration.ofSeconds(1), false, List.of("postgres", "my.total"));

	@BeforeEach
	void collect() {
		given(this.exchange.collect(any()))
			.willAnswer((call) -> CompletableFuture.completedFuture(List.copyOf(this.master)));
		willAnswer((call) -> {
			String group = call.getArgument(0);
			int slot = call.getArgument(1);
			long sequence = call.getArgument(2);
			this.master.removeIf((one) -> one.worker() == 0 && one.group().equals(group) && one.slot() == slot
					&& one.sequence() <= sequence);
			this.master.add(0, new CollectedMeters(1, group, slot, 0, sequence, false, call.getArgument(3)));
			return null;
		}).given(this.exchange).replaceRetired(anyString(), anyInt(), anyLong(), anyString());
	}

	@Test
	void whatHasGoneIsAddedUpBySlotAndGroupAndDoesNotGrowByThat() {
		gone("default", 1, 1, counter("orders", 5));
		gone("default", 1, 2, counter("orders", 7));
		gone("jobs", 1, 1, counter("orders", 1000));
		for (int i = 0; i < 3; i++) {
			assertThat(values("orders")).containsExactlyInAnyOrder(12.0, 1000.0);
			assertThat(this.master).hasSize(2);
		}
	}

	@Test
	void groupIsToldWhereThereAreSome() {
		living("default", 1, 3, counter("orders", 5));
		assertThat(labels("orders")).containsExactly("{worker=\"1\"}");
		living("jobs", 1, 4, counter("orders", 7));
		assertThat(labels("orders")).containsExactlyInAnyOrder("{group=\"default\",worker=\"1\"}",
				"{group=\"jobs\",worker=\"1\"}");
	}

	@Test
	void meterWhoseSeriesDoNotGoTogetherCostsNoOther() {
		MeterPoint histogram = new MeterPoint(List.of(), 5, 0, new double[] { 1, 2 }, new long[] { 1, 2 },
				MeterPoint.NO_DOUBLES, List.of(), null, List.of(), 0);
		gone("default", 1, 1, new MeterFamily("mixed", null, null, Type.SUMMARY, false, List.of(histogram)));
		gone("default", 1, 2, counter("orders", 7));
		living("default", 2, 3, new MeterFamily("mixed", null, null, Type.SUMMARY, false, List.of(histogram)));
		assertThat(values("orders")).containsExactly(7.0);
		assertThat(snapshot("mixed")).isNull();
		this.master.removeIf((one) -> one.worker() > 0);
		assertThat(snapshot("mixed")).as("kept for ever").isNull();
		assertThat(values("orders")).containsExactly(7.0);
	}

	@Test
	void textThatIsNoMetersCostsThoseOfThatWorkerAlone() {
		this.master.add(new CollectedMeters(1, "default", 1, 3, 0, true, "nonsense"));
		living("default", 2, 4, counter("orders", 7));
		assertThat(values("orders")).containsExactly(7.0);
	}

	@Test
	void tasksThatRunAndCountersOfSomethingElseAreTold() throws Exception {
		LongTaskTimer.builder("jobs.active").register(this.meters).start();
		this.meters.counter("my.total.rows").increment(9);
		this.meters.counter("orders").increment(3);
		ArgumentCaptor<Supplier<String>> source = ArgumentCaptor.captor();
		this.scrape.start();
		verify(this.exchange).reportBy(source.capture());
		List<MeterFamily> told = MeterCodec.decode(source.getValue().get());
		assertThat(told).filteredOn(MeterFamily::momentary)
			.extracting(MeterFamily::name)
			.contains("jobs_active_seconds", "my_total_rows")
			.doesNotContain("orders");
	}

	@Test
	void slotThatIsAskedForComesWithoutTheOthersAndTheMaster() {
		this.meters.counter("cluster.worker.forks", "process", "master").increment();
		living("default", 1, 3, counter("orders", 5));
		living("default", 2, 4, counter("orders", 7));
		assertThat(this.scrape.collect("2", null).stream().map((meter) -> meter.getMetadata().getName()))
			.containsExactlyInAnyOrder("orders", ClusterPrometheusScrape.SCRAPED);
		assertThat(values("cluster_worker_forks")).containsExactly(1.0);
	}

	private void gone(String group, int slot, long sequence, MeterFamily family) {
		this.master.add(new CollectedMeters(1, group, slot, 0, sequence, false, MeterCodec.encode(List.of(family))));
	}

	private void living(String group, int slot, int worker, MeterFamily family) {
		this.master.add(new CollectedMeters(1, group, slot, worker, 0, true, MeterCodec.encode(List.of(family))));
	}

	private static MeterFamily counter(String name, double value) {
		return new MeterFamily(name, null, null, Type.COUNTER, false, List.of(new MeterPoint(List.of(), value, 0,
				MeterPoint.NO_DOUBLES, MeterPoint.NO_LONGS, MeterPoint.NO_DOUBLES, List.of(), null, List.of(), 0)));
	}

	private @Nullable MetricSnapshot snapshot(String name) {
		return this.scrape.collect(null, null)
			.stream()
			.filter((meter) -> meter.getMetadata().getName().equals(name))
			.findAny()
			.orElse(null);
	}

	private List<Double> values(String name) {
		return (snapshot(name) instanceof CounterSnapshot counter)
				? counter.getDataPoints().stream().map((point) -> point.getValue()).toList() : List.of();
	}

	private List<String> labels(String name) {
		MetricSnapshot snapshot = snapshot(name);
		return (snapshot != null)
				? snapshot.getDataPoints().stream().map((point) -> point.getLabels().toString()).toList() : List.of();
	}

}
