package io.github.bootcluster.metrics.prometheus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;

import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.core.metrics.StateSet;
import io.prometheus.metrics.core.metrics.Summary;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.Unit;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot.UnknownDataPointSnapshot;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

/**
 * Promises on meters that go from one worker to another: nothing of them gets lost.
 */
class MeterSnapshotsTests {

	private static final Exemplar EXEMPLAR = Exemplar.builder()
		.value(0.3)
		.labels(Labels.of("trace_id", "abc"))
		.timestampMillis(1_700_000_000_456L)
		.build();

	private final PrometheusRegistry registry = new PrometheusRegistry();

	@Test
	void everyTypeComesOutInEveryFormatAsItWentIn() throws IOException {
		this.registry.register(() -> CounterSnapshot.builder()
			.name("orders")
			.help("Orders")
			.dataPoint(CounterDataPointSnapshot.builder()
				.value(3)
				.labels(Labels.of("kind", "new"))
				.exemplar(EXEMPLAR)
				.createdTimestampMillis(1_700_000_000_123L)
				.build())
			.dataPoint(CounterDataPointSnapshot.builder()
				.value(1)
				.labels(Labels.of("kind", "a \"quoted\" \\ value\n"))
				.build())
			.build());
		Gauge.builder()
			.name("size")
			.unit(Unit.BYTES)
			.withoutExemplars()
			.register(this.registry)
			.set(Double.NEGATIVE_INFINITY);
		this.registry.register(() -> HistogramSnapshot.builder()
			.name("classic")
			.dataPoint(HistogramDataPointSnapshot.builder()
				.classicHistogramBuckets(
						ClassicHistogramBuckets.of(new double[] { 0.5, Double.POSITIVE_INFINITY }, new long[] { 2, 1 }))
				.sum(7)
				.exemplars(Exemplars.of(EXEMPLAR))
				.build())
			.build());
		Histogram both = Histogram.builder().name("both").unit(Unit.SECONDS).withoutExemplars().register(this.registry);
		List.of(-1.0, 0.0, 0.2, 7.0).forEach(both::observe);
		Summary summary = Summary.builder()
			.name("latency")
			.quantile(0.5)
			.quantile(0.99)
			.withoutExemplars()
			.register(this.registry);
		List.of(1.0, 2.0, 3.0).forEach(summary::observe);
		Summary.builder().name("bare").withoutExemplars().register(this.registry).observe(Double.NaN);
		Info.builder().name("build").labelNames("version").register(this.registry).setLabelValues("1.2");
		StateSet.builder().name("feature").states("on", "off").register(this.registry).setTrue("on");
		this.registry.register(() -> UnknownSnapshot.builder()
			.name("what")
			.dataPoint(new UnknownDataPointSnapshot(4, Labels.EMPTY, null))
			.build());
		MetricSnapshots before = this.registry.scrape();
		MetricSnapshots after = new MetricSnapshots(
				MeterCodec.decode(MeterCodec.encode(MeterSnapshots.families(before)))
					.stream()
					.map(MeterSnapshots::snapshot)
					.toList());
		ExpositionFormats formats = ExpositionFormats.init();
		for (ExpositionFormatWriter writer : List.of(formats.getPrometheusTextFormatWriter(),
				formats.getOpenMetricsTextFormatWriter(), formats.getPrometheusProtobufWriter())) {
			assertThat(write(writer, after)).as(writer.getContentType()).isEqualTo(write(writer, before));
		}
		HistogramSnapshot histogram = (HistogramSnapshot) after.stream()
			.filter((meter) -> meter.getMetadata().getName().equals("both_seconds"))
			.findAny()
			.orElseThrow();
		assertThat(histogram.getDataPoints().get(0).getNativeBucketsForPositiveValues().size()).isEqualTo(2);
		assertThat(histogram.getDataPoints().get(0).getNativeBucketsForNegativeValues().size()).isEqualTo(1);
		assertThat(write(formats.getOpenMetricsTextFormatWriter(), after)).contains("trace_id=\"abc\"");
	}

	@Test
	void whatIsNoMeterIsRefused() {
		for (String text : List.of("", "!", "AAAA", "H4sIAAAAAAAA/6uuBQBDv6ajAgAAAA==")) {
			assertThatIOException().isThrownBy(() -> MeterCodec.decode(text));
		}
	}

	private static String write(ExpositionFormatWriter writer, MetricSnapshots snapshots) throws IOException {
		ByteArrayOutputStream bytes = new ByteArrayOutputStream();
		writer.write(bytes, snapshots);
		return bytes.toString("ISO-8859-1");
	}

}
