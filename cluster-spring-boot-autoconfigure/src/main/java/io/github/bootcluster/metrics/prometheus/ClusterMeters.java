package io.github.bootcluster.metrics.prometheus;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.bootcluster.metrics.MasterMeters;
import io.github.bootcluster.metrics.prometheus.MeterFamily.Type;

/**
 * Puts the meters of workers together. Each series tells its worker by a label, unless it
 * has one of that name. What the workers of a slot have counted one after another is
 * added up, so that a counter of the slot never falls; of a gauge, the newest worker's is
 * shown.
 */
final class ClusterMeters {

	private final Map<String, Family> families = new LinkedHashMap<>();

	/**
	 * Adds the meters of a worker, which must be older than those before it.
	 * @param labels names and values, in turn, that each series gets
	 * @param gone whether the worker has gone, so that only what it has counted is of
	 * interest
	 */
	void add(List<String> labels, boolean gone, List<MeterFamily> meters) {
		for (MeterFamily meter : meters) {
			if (!gone || meter.isCumulative()) {
				Family family = this.families.computeIfAbsent(meter.name(), (name) -> new Family(meter));
				// What a newer version of the application has made of it is what counts
				if (family.meter.type() == meter.type()) {
					meter.points()
						.stream()
						.filter((point) -> !isMasters(point))
						.forEach((point) -> family.add(point.withLabels(labels(point.labels(), labels)), gone));
				}
			}
		}
	}

	/**
	 * Adds the master's meters, from the meters of a worker that shows them.
	 */
	void addMasters(List<MeterFamily> meters) {
		for (MeterFamily meter : meters) {
			List<MeterPoint> ofMaster = meter.points().stream().filter(ClusterMeters::isMasters).toList();
			if (!ofMaster.isEmpty()) {
				Family family = this.families.computeIfAbsent(meter.name(), (name) -> new Family(meter));
				if (family.meter.type() == meter.type()) {
					ofMaster.forEach((point) -> family.add(point.withLabels(labels(point.labels(), List.of())), false));
				}
			}
		}
	}

	/**
	 * Adds a gauge of one worker.
	 */
	void addGauge(String name, String help, List<String> labels, double value) {
		MeterPoint point = new MeterPoint(labels, value, 0, MeterPoint.NO_DOUBLES, MeterPoint.NO_LONGS,
				MeterPoint.NO_DOUBLES, List.of(), null, List.of(), 0);
		this.families
			.computeIfAbsent(name, (key) -> new Family(new MeterFamily(name, help, null, Type.GAUGE, false, List.of())))
			.add(point, false);
	}

	List<MeterFamily> families() {
		return this.families.values().stream().filter((family) -> !family.points.isEmpty()).map(Family::sum).toList();
	}

	private static boolean isMasters(MeterPoint point) {
		List<String> labels = point.labels();
		for (int i = 0; i < labels.size(); i += 2) {
			if (labels.get(i).equals(MasterMeters.PROCESS) && labels.get(i + 1).equals(MasterMeters.MASTER)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns labels by name, as two workers may have the same in another order.
	 */
	private static List<String> labels(List<String> own, List<String> added) {
		Map<String, String> labels = new TreeMap<>();
		put(labels, added);
		// A label of the series itself takes precedence
		put(labels, own);
		List<String> all = new ArrayList<>();
		labels.forEach((name, value) -> {
			all.add(name);
			all.add(value);
		});
		return all;
	}

	private static void put(Map<String, String> labels, List<String> added) {
		for (int i = 0; i < added.size(); i += 2) {
			labels.put(added.get(i), added.get(i + 1));
		}
	}

	private static final class Family {

		private final MeterFamily meter;

		private final Map<List<String>, MeterPoint> points = new LinkedHashMap<>();

		Family(MeterFamily meter) {
			this.meter = meter;
		}

		void add(MeterPoint point, boolean gone) {
			if (this.meter.isAdditive()) {
				this.points.merge(point.labels(), gone ? withoutMoment(point) : point, MeterPoint::plus);
			}
			else {
				this.points.putIfAbsent(point.labels(), point);
			}
		}

		/**
		 * Leaves out what is of the moment: quantiles, and exemplars.
		 */
		private static MeterPoint withoutMoment(MeterPoint point) {
			boolean quantiles = point.values().length > 0;
			return new MeterPoint(point.labels(), point.value(), point.count(),
					quantiles ? MeterPoint.NO_DOUBLES : point.bounds(), point.counts(), MeterPoint.NO_DOUBLES,
					point.states(), point.nativeBuckets(), List.of(), point.created());
		}

		MeterFamily sum() {
			return new MeterFamily(this.meter.name(), this.meter.help(), this.meter.unit(), this.meter.type(),
					this.meter.momentary(), List.copyOf(this.points.values()));
		}

	}

}
