package io.github.bootcluster.metrics.prometheus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.bootcluster.metrics.prometheus.MeterFamily.Type;
import io.github.bootcluster.metrics.prometheus.MeterPoint.MeterExemplar;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Promises on the meters of workers that are put together.
 */
class ClusterMetersTests {

	private static final List<String> ONE = List.of("worker", "1");

	private static final List<String> TWO = List.of("worker", "2");

	private final ClusterMeters meters = new ClusterMeters();

	@Test
	void seriesTellTheirWorker() {
		this.meters.add(ONE, false, List.of(family("orders", Type.COUNTER, point(3, "kind", "new"))));
		this.meters.add(TWO, false, List.of(family("orders", Type.COUNTER, point(4, "kind", "new"))));
		assertThat(values("orders")).containsExactly(Map.entry(List.of("kind", "new", "worker", "1"), 3.0),
				Map.entry(List.of("kind", "new", "worker", "2"), 4.0));
		assertThat(this.meters.families()).as("one family").hasSize(1);
	}

	@Test
	void seriesThatTellSomeWorkerKeepItAndAreAddedUp() {
		this.meters.add(ONE, false, List.of(family("baked", Type.COUNTER, point(3, "worker", "Alice"))));
		this.meters.add(TWO, false, List.of(family("baked", Type.COUNTER, point(4, "worker", "Alice"))));
		assertThat(values("baked")).containsExactly(Map.entry(List.of("worker", "Alice"), 7.0));
	}

	@Test
	void whatWorkersOfASlotHaveCountedOneAfterAnotherIsAddedUp() {
		this.meters.add(ONE, false, List.of(family("orders", Type.COUNTER, point(3))));
		this.meters.add(ONE, true, List.of(family("orders", Type.COUNTER, point(10), point(2, "kind", "old"))));
		assertThat(values("orders")).containsExactly(Map.entry(ONE, 13.0),
				Map.entry(List.of("kind", "old", "worker", "1"), 2.0));
	}

	@Test
	void orderOfLabelsDoesNotMatter() {
		this.meters.add(List.of("group", "jobs", "worker", "1"), false,
				List.of(family("orders", Type.COUNTER, point(3, "uri", "/", "worker", "1"))));
		this.meters.add(List.of("group", "jobs", "worker", "1"), true,
				List.of(family("orders", Type.COUNTER, point(4, "worker", "1", "group", "jobs", "uri", "/"))));
		assertThat(values("orders"))
			.containsExactly(Map.entry(List.of("group", "jobs", "uri", "/", "worker", "1"), 7.0));
	}

	@Test
	void gaugesAreThoseOfTheNewestWorkerAndOfNoneThatHasGone() {
		this.meters.add(ONE, false, List.of(family("memory", Type.GAUGE, point(3))));
		this.meters.add(ONE, false, List.of(family("memory", Type.GAUGE, point(5))));
		this.meters.add(TWO, true, List.of(family("memory", Type.GAUGE, point(7))));
		assertThat(values("memory")).containsExactly(Map.entry(ONE, 3.0));
	}

	@Test
	void tasksThatRunAreAddedUpButEndWithTheirWorker() {
		MeterFamily running = family("active", Type.SUMMARY, summary(2, 1)).asMomentary();
		this.meters.add(ONE, false, List.of(running));
		this.meters.add(ONE, false, List.of(running));
		this.meters.add(ONE, true, List.of(running));
		assertThat(values("active")).containsExactly(Map.entry(ONE, 4.0));
	}

	@Test
	void summariesAddTheirSumAndCountAndKeepQuantilesOfTheLiving() {
		MeterPoint current = new MeterPoint(List.of(), 6, 3, new double[] { 0.5 }, MeterPoint.NO_LONGS,
				new double[] { 2 }, List.of(), null, List.of(), 0);
		MeterPoint gone = new MeterPoint(List.of(), 60, 30, new double[] { 0.5 }, MeterPoint.NO_LONGS,
				new double[] { 7 }, List.of(), null, List.of(new MeterExemplar(1, List.of(), 0)), 0);
		this.meters.add(ONE, false, List.of(family("latency", Type.SUMMARY, current)));
		this.meters.add(ONE, true, List.of(family("latency", Type.SUMMARY, gone)));
		this.meters.add(TWO, true, List.of(family("latency", Type.SUMMARY, gone)));
		List<MeterPoint> points = this.meters.families().get(0).points();
		assertThat(points.get(0).value()).isEqualTo(66);
		assertThat(points.get(0).count()).isEqualTo(33);
		assertThat(points.get(0).values()).containsExactly(2);
		assertThat(points.get(1).count()).isEqualTo(30);
		assertThat(points.get(1).values()).isEmpty();
		assertThat(points.get(1).bounds()).isEmpty();
		assertThat(points.get(1).exemplars()).isEmpty();
	}

	@Test
	void histogramsAddTheirBucketsUnlessTheNewestWorkerHasOthers() {
		this.meters.add(ONE, false, List.of(family("took", Type.HISTOGRAM, histogram(5, 1, 2))));
		this.meters.add(ONE, true, List.of(family("took", Type.HISTOGRAM, histogram(50, 10, 20))));
		this.meters.add(TWO, false, List.of(family("took", Type.HISTOGRAM, histogram(5, 1, 2, 3))));
		this.meters.add(TWO, true, List.of(family("took", Type.HISTOGRAM, histogram(50, 10, 20))));
		List<MeterPoint> points = this.meters.families().get(0).points();
		assertThat(points.get(0).counts()).containsExactly(11, 22);
		assertThat(points.get(0).value()).isEqualTo(55);
		assertThat(points.get(1).counts()).containsExactly(1, 2, 3);
	}

	@Test
	void nativeHistogramsOfDifferentResolutionBecomeTheCoarserOne() {
		NativeBuckets fine = new NativeBuckets(1, 4, 0.001, Map.of(-1, 1L, 1, 2L, 2, 3L, 3, 5L), Map.of(0, 1L));
		NativeBuckets coarse = new NativeBuckets(0, 1, 0.01, Map.of(0, 10L, 1, 100L), Map.of());
		assertThat(fine.plus(coarse))
			.isEqualTo(new NativeBuckets(0, 5, 0.01, Map.of(0, 11L, 1, 105L, 2, 5L), Map.of(0, 1L)));
		assertThat(coarse.plus(fine)).isEqualTo(fine.plus(coarse));
	}

	@Test
	void typeIsThatOfTheNewestWorker() {
		this.meters.add(ONE, false, List.of(family("size", Type.GAUGE, point(3))));
		this.meters.add(TWO, false, List.of(family("size", Type.COUNTER, point(5))));
		assertThat(values("size")).containsExactly(Map.entry(ONE, 3.0));
	}

	@Test
	void mastersMetersAreThereOnceAndFromWhereTheyAreNewest() {
		List<MeterFamily> old = List.of(family("forks", Type.COUNTER, point(2, "process", "master")));
		this.meters.add(ONE, false, old);
		this.meters.add(TWO, false, old);
		this.meters.add(TWO, true, old);
		this.meters.addMasters(List.of(family("forks", Type.COUNTER, point(3, "process", "master")),
				family("orders", Type.COUNTER, point(9))));
		assertThat(values("forks")).containsExactly(Map.entry(List.of("process", "master"), 3.0));
		assertThat(this.meters.families()).hasSize(1);
	}

	private List<Map.Entry<List<String>, Double>> values(String name) {
		List<Map.Entry<List<String>, Double>> values = new ArrayList<>();
		this.meters.families()
			.stream()
			.filter((family) -> family.name().equals(name))
			.forEach((family) -> family.points()
				.forEach((point) -> values.add(Map.entry(point.labels(), point.value()))));
		return values;
	}

	private static MeterFamily family(String name, Type type, MeterPoint... points) {
		return new MeterFamily(name, "help", null, type, false, List.of(points));
	}

	private static MeterPoint point(double value, String... labels) {
		return new MeterPoint(List.of(labels), value, 0, MeterPoint.NO_DOUBLES, MeterPoint.NO_LONGS,
				MeterPoint.NO_DOUBLES, List.of(), null, List.of(), 0);
	}

	private static MeterPoint summary(double sum, long count) {
		return new MeterPoint(List.of(), sum, count, MeterPoint.NO_DOUBLES, MeterPoint.NO_LONGS, MeterPoint.NO_DOUBLES,
				List.of(), null, List.of(), 0);
	}

	private static MeterPoint histogram(double sum, long... counts) {
		double[] bounds = new double[counts.length];
		for (int i = 0; i < bounds.length; i++) {
			bounds[i] = (i == bounds.length - 1) ? Double.POSITIVE_INFINITY : i + 1;
		}
		return new MeterPoint(List.of(), sum, 0, bounds, counts, MeterPoint.NO_DOUBLES, List.of(), null, List.of(), 0);
	}

}
