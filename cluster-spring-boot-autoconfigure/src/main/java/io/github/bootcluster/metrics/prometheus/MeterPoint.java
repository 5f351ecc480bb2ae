package io.github.bootcluster.metrics.prometheus;

import java.util.Arrays;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * One series of a meter at one moment. What a type does not have is 0 or empty.
 *
 * @param labels names and values, in turn
 * @param value the value, or the sum of a histogram or a summary, which may be none
 * ({@code NaN})
 * @param count the observations of a summary, -1 if it does not count them
 * @param bounds the upper bounds of a classic histogram, or the quantiles of a summary
 * @param counts the observations in each bucket, or whether each state is true (1)
 * @param values the values of the quantiles
 * @param states the names of the states
 * @param nativeBuckets the buckets of a native histogram
 * @param exemplars the exemplars
 * @param created when the series began, in milliseconds since 1970, 0 if unknown
 */
record MeterPoint(List<String> labels, double value, long count, double[] bounds, long[] counts, double[] values,
		List<String> states, @Nullable NativeBuckets nativeBuckets, List<MeterExemplar> exemplars, long created) {

	static final double[] NO_DOUBLES = {};

	static final long[] NO_LONGS = {};

	/**
	 * Creates a series. Text leaves out what is empty.
	 */
	MeterPoint {
		labels = (labels != null) ? List.copyOf(labels) : List.of();
		if (labels.size() % 2 != 0) {
			throw new IllegalArgumentException("A label has no value");
		}
		bounds = (bounds != null) ? bounds : NO_DOUBLES;
		counts = (counts != null) ? counts : NO_LONGS;
		values = (values != null) ? values : NO_DOUBLES;
		states = (states != null) ? states : List.of();
		exemplars = (exemplars != null) ? exemplars : List.of();
	}

	MeterPoint withLabels(List<String> others) {
		return new MeterPoint(others, this.value, this.count, this.bounds, this.counts, this.values, this.states,
				this.nativeBuckets, this.exemplars, this.created);
	}

	/**
	 * Adds what another worker has counted in the same series. Quantiles cannot be added,
	 * and exemplars need not: those of this one are kept. So is a histogram whose buckets
	 * have changed.
	 */
	MeterPoint plus(MeterPoint other) {
		if (!Arrays.equals(this.bounds, other.bounds) && this.counts.length + other.counts.length > 0
				|| (this.nativeBuckets == null) != (other.nativeBuckets == null)) {
			return this;
		}
		long[] sums = this.counts.clone();
		for (int i = 0; i < sums.length; i++) {
			sums[i] += other.counts[i];
		}
		return new MeterPoint(this.labels, this.value + other.value,
				(this.count < 0) ? this.count : this.count + Math.max(other.count, 0), this.bounds, sums, this.values,
				this.states,
				(this.nativeBuckets != null && other.nativeBuckets != null)
						? this.nativeBuckets.plus(other.nativeBuckets) : null,
				this.exemplars, earlier(this.created, other.created));
	}

	private static long earlier(long one, long other) {
		return (one == 0 || other == 0) ? Math.max(one, other) : Math.min(one, other);
	}

	/**
	 * Exemplar of a series.
	 *
	 * @param value the observed value
	 * @param labels names and values, in turn
	 * @param timestamp when it was observed, in milliseconds since 1970, 0 if unknown
	 */
	record MeterExemplar(double value, List<String> labels, long timestamp) {

		MeterExemplar {
			labels = (labels != null) ? labels : List.of();
		}

	}

}
