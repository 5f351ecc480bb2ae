package io.github.bootcluster.metrics.prometheus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.github.bootcluster.metrics.prometheus.MeterFamily.Type;
import io.github.bootcluster.metrics.prometheus.MeterPoint.MeterExemplar;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.DataPointSnapshot;
import io.prometheus.metrics.model.snapshots.DistributionDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Exemplar;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.InfoSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricMetadata;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Quantile;
import io.prometheus.metrics.model.snapshots.Quantiles;
import io.prometheus.metrics.model.snapshots.StateSetSnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot;
import io.prometheus.metrics.model.snapshots.SummarySnapshot.SummaryDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Unit;
import io.prometheus.metrics.model.snapshots.UnknownSnapshot;
import org.jspecify.annotations.Nullable;

/**
 * Turns the snapshots of the Prometheus client library into {@link MeterFamily families}
 * and back. Series with a time stamp of their own lose it: it is that of the scrape.
 */
final class MeterSnapshots {

	private MeterSnapshots() {
	}

	static List<MeterFamily> families(MetricSnapshots snapshots) {
		return snapshots.stream().map(MeterSnapshots::family).toList();
	}

	private static MeterFamily family(MetricSnapshot snapshot) {
		MetricMetadata metadata = snapshot.getMetadata();
		Unit unit = metadata.getUnit();
		return new MeterFamily(metadata.getName(), metadata.getHelp(), (unit != null) ? unit.toString() : null,
				type(snapshot), false, snapshot.getDataPoints().stream().map(MeterSnapshots::point).toList());
	}

	private static Type type(MetricSnapshot snapshot) {
		if (snapshot instanceof CounterSnapshot) {
			return Type.COUNTER;
		}
		if (snapshot instanceof GaugeSnapshot) {
			return Type.GAUGE;
		}
		if (snapshot instanceof HistogramSnapshot histogram) {
			return histogram.isGaugeHistogram() ? Type.GAUGE_HISTOGRAM : Type.HISTOGRAM;
		}
		if (snapshot instanceof SummarySnapshot) {
			return Type.SUMMARY;
		}
		if (snapshot instanceof InfoSnapshot) {
			return Type.INFO;
		}
		return (snapshot instanceof StateSetSnapshot) ? Type.STATE_SET : Type.UNKNOWN;
	}

	private static MeterPoint point(DataPointSnapshot point) {
		if (point instanceof CounterSnapshot.CounterDataPointSnapshot counter) {
			return single(point, counter.getValue(), counter.getExemplar());
		}
		if (point instanceof GaugeSnapshot.GaugeDataPointSnapshot gauge) {
			return single(point, gauge.getValue(), gauge.getExemplar());
		}
		if (point instanceof UnknownSnapshot.UnknownDataPointSnapshot unknown) {
			return single(point, unknown.getValue(), unknown.getExemplar());
		}
		if (point instanceof SummaryDataPointSnapshot summary) {
			List<Quantile> quantiles = stream(summary.getQuantiles()).toList();
			return distribution(summary, summary.hasCount() ? summary.getCount() : -1,
					quantiles.stream().mapToDouble(Quantile::getQuantile).toArray(), MeterPoint.NO_LONGS,
					quantiles.stream().mapToDouble(Quantile::getValue).toArray(), null);
		}
		if (point instanceof HistogramDataPointSnapshot histogram) {
			ClassicHistogramBuckets buckets = histogram.getClassicBuckets();
			return distribution(histogram, 0,
					buckets.stream().mapToDouble((bucket) -> bucket.getUpperBound()).toArray(),
					buckets.stream().mapToLong((bucket) -> bucket.getCount()).toArray(), MeterPoint.NO_DOUBLES,
					histogram.hasNativeHistogramData() ? nativeBuckets(histogram) : null);
		}
		if (point instanceof StateSetSnapshot.StateSetDataPointSnapshot states) {
			return new MeterPoint(labels(point.getLabels()), 0, 0, MeterPoint.NO_DOUBLES,
					states.stream().mapToLong((state) -> state.isTrue() ? 1 : 0).toArray(), MeterPoint.NO_DOUBLES,
					states.stream().map(StateSetSnapshot.State::getName).toList(), null, List.of(), created(point));
		}
		return single(point, 1, null);
	}

	private static MeterPoint single(DataPointSnapshot point, double value, @Nullable Exemplar exemplar) {
		return new MeterPoint(labels(point.getLabels()), value, 0, MeterPoint.NO_DOUBLES, MeterPoint.NO_LONGS,
				MeterPoint.NO_DOUBLES, List.of(), null, exemplars(Stream.ofNullable(exemplar)), created(point));
	}

	private static MeterPoint distribution(DistributionDataPointSnapshot point, long count, double[] bounds,
			long[] counts, double[] values, @Nullable NativeBuckets nativeBuckets) {
		return new MeterPoint(labels(point.getLabels()), point.hasSum() ? point.getSum() : Double.NaN, count, bounds,
				counts, values, List.of(), nativeBuckets, exemplars(stream(point.getExemplars())), created(point));
	}

	private static NativeBuckets nativeBuckets(HistogramDataPointSnapshot histogram) {
		return new NativeBuckets(histogram.getNativeSchema(), histogram.getNativeZeroCount(),
				histogram.getNativeZeroThreshold(), buckets(histogram.getNativeBucketsForPositiveValues()),
				buckets(histogram.getNativeBucketsForNegativeValues()));
	}

	private static Map<Integer, Long> buckets(NativeHistogramBuckets buckets) {
		Map<Integer, Long> counts = new TreeMap<>();
		buckets.forEach((bucket) -> counts.put(bucket.getBucketIndex(), bucket.getCount()));
		return counts;
	}

	private static List<MeterExemplar> exemplars(Stream<Exemplar> exemplars) {
		return exemplars
			.map((exemplar) -> new MeterExemplar(exemplar.getValue(), labels(exemplar.getLabels()),
					exemplar.hasTimestamp() ? exemplar.getTimestampMillis() : 0))
			.toList();
	}

	private static List<String> labels(Labels labels) {
		List<String> all = new ArrayList<>();
		labels.forEach((label) -> {
			all.add(label.getName());
			all.add(label.getValue());
		});
		return all;
	}

	private static long created(DataPointSnapshot point) {
		return point.hasCreatedTimestamp() ? point.getCreatedTimestampMillis() : 0;
	}

	private static <T> Stream<T> stream(Iterable<T> all) {
		return StreamSupport.stream(all.spliterator(), false);
	}

	/**
	 * Returns a family as the library knows it.
	 * @throws RuntimeException if its series do not go together
	 */
	static MetricSnapshot snapshot(MeterFamily family) {
		MetricMetadata metadata = new MetricMetadata(family.name(), family.help(),
				(family.unit() != null) ? new Unit(family.unit()) : null);
		List<MeterPoint> points = family.points();
		return switch (family.type()) {
			case COUNTER -> new CounterSnapshot(metadata,
					map(points, (point) -> new CounterSnapshot.CounterDataPointSnapshot(point.value(),
							toLabels(point.labels()), exemplar(point), point.created())));
			case GAUGE -> new GaugeSnapshot(metadata,
					map(points, (point) -> new GaugeSnapshot.GaugeDataPointSnapshot(point.value(),
							toLabels(point.labels()), exemplar(point))));
			case HISTOGRAM -> new HistogramSnapshot(metadata, map(points, MeterSnapshots::histogram));
			case GAUGE_HISTOGRAM -> new HistogramSnapshot(true, metadata, map(points, MeterSnapshots::histogram));
			case SUMMARY -> new SummarySnapshot(metadata, map(points, MeterSnapshots::summary));
			case INFO -> new InfoSnapshot(metadata,
					map(points, (point) -> new InfoSnapshot.InfoDataPointSnapshot(toLabels(point.labels()))));
			case STATE_SET -> new StateSetSnapshot(metadata, map(points, MeterSnapshots::stateSet));
			case UNKNOWN -> new UnknownSnapshot(metadata,
					map(points, (point) -> new UnknownSnapshot.UnknownDataPointSnapshot(point.value(),
							toLabels(point.labels()), exemplar(point))));
		};
	}

	private static <T> List<T> map(List<MeterPoint> points, Function<MeterPoint, T> conversion) {
		return points.stream().map(conversion).toList();
	}

	private static HistogramDataPointSnapshot histogram(MeterPoint point) {
		ClassicHistogramBuckets classic = (point.bounds().length > 0)
				? ClassicHistogramBuckets.of(point.bounds(), point.counts()) : ClassicHistogramBuckets.EMPTY;
		NativeBuckets buckets = point.nativeBuckets();
		if (buckets == null) {
			return new HistogramDataPointSnapshot(classic, point.value(), toLabels(point.labels()), toExemplars(point),
					point.created());
		}
		return new HistogramDataPointSnapshot(classic, buckets.schema(), buckets.zeroCount(), buckets.zeroThreshold(),
				toBuckets(buckets.positive()), toBuckets(buckets.negative()), point.value(), toLabels(point.labels()),
				toExemplars(point), point.created());
	}

	private static NativeHistogramBuckets toBuckets(Map<Integer, Long> counts) {
		NativeHistogramBuckets.Builder builder = NativeHistogramBuckets.builder();
		new TreeMap<>(counts).forEach(builder::bucket);
		return builder.build();
	}

	private static SummaryDataPointSnapshot summary(MeterPoint point) {
		Quantiles.Builder quantiles = Quantiles.builder();
		for (int i = 0; i < point.bounds().length; i++) {
			quantiles.quantile(new Quantile(point.bounds()[i], point.values()[i]));
		}
		return new SummaryDataPointSnapshot(point.count(), point.value(), quantiles.build(), toLabels(point.labels()),
				toExemplars(point), point.created());
	}

	private static StateSetSnapshot.StateSetDataPointSnapshot stateSet(MeterPoint point) {
		boolean[] states = new boolean[point.counts().length];
		for (int i = 0; i < states.length; i++) {
			states[i] = point.counts()[i] != 0;
		}
		return new StateSetSnapshot.StateSetDataPointSnapshot(point.states().toArray(String[]::new), states,
				toLabels(point.labels()));
	}

	private static @Nullable Exemplar exemplar(MeterPoint point) {
		return point.exemplars().stream().findFirst().map(MeterSnapshots::toExemplar).orElse(null);
	}

	private static Exemplars toExemplars(MeterPoint point) {
		return Exemplars
			.of(point.exemplars().stream().map(MeterSnapshots::toExemplar).filter(Objects::nonNull).toList());
	}

	private static Exemplar toExemplar(MeterExemplar exemplar) {
		return new Exemplar(exemplar.value(), toLabels(exemplar.labels()), exemplar.timestamp());
	}

	private static Labels toLabels(List<String> labels) {
		return Labels.of(labels.toArray(String[]::new));
	}

}
