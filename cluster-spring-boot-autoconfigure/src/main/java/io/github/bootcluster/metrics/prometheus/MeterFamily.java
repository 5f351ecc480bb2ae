package io.github.bootcluster.metrics.prometheus;

import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Meters of one name, as one worker tells another of them.
 *
 * @param name the name as Prometheus knows it, without what the format appends
 * @param help what it means
 * @param unit its unit
 * @param type its type
 * @param momentary whether it tells of the moment alone though its type is of those that
 * only grow: tasks that run
 * @param points its series
 */
record MeterFamily(String name, @Nullable String help, @Nullable String unit, Type type, boolean momentary,
		List<MeterPoint> points) {

	MeterFamily {
		// Text leaves out what is empty, or the first of the types
		Objects.requireNonNull(name, "name");
		type = (type != null) ? type : Type.COUNTER;
		points = (points != null) ? points : List.of();
	}

	/**
	 * Tells whether values only grow, so that what workers of the same slot have counted
	 * one after another can be added up.
	 */
	boolean isCumulative() {
		return isAdditive() && !this.momentary;
	}

	/**
	 * Tells whether the values of workers that are in the same slot at the same time can
	 * be added up.
	 */
	boolean isAdditive() {
		return this.type == Type.COUNTER || this.type == Type.HISTOGRAM || this.type == Type.SUMMARY;
	}

	MeterFamily asMomentary() {
		return new MeterFamily(this.name, this.help, this.unit, this.type, true, this.points);
	}

	/**
	 * Type of a meter.
	 */
	enum Type {

		COUNTER, GAUGE, HISTOGRAM, GAUGE_HISTOGRAM, SUMMARY, INFO, STATE_SET, UNKNOWN

	}

}
