package io.github.bootcluster.metrics.prometheus;

import java.util.Map;
import java.util.TreeMap;

/**
 * Buckets of a native histogram of Prometheus.
 *
 * @param schema how fine they are: each bucket is 2^(2^-schema) times as wide as the one
 * before
 * @param zeroCount the observations in the bucket around zero
 * @param zeroThreshold how wide that is
 * @param positive the observations by the index of the bucket
 * @param negative those of negative values
 * @see <a href="https://prometheus.io/docs/specs/native_histograms/">Native
 * Histograms</a>
 */
record NativeBuckets(int schema, long zeroCount, double zeroThreshold, Map<Integer, Long> positive,
		Map<Integer, Long> negative) {

	NativeBuckets {
		positive = (positive != null) ? positive : Map.of();
		negative = (negative != null) ? negative : Map.of();
	}

	/**
	 * Adds other buckets; the sum is as fine as the coarser of both.
	 */
	NativeBuckets plus(NativeBuckets other) {
		int common = Math.min(this.schema, other.schema);
		NativeBuckets one = withSchema(common);
		NativeBuckets two = other.withSchema(common);
		return new NativeBuckets(common, this.zeroCount + other.zeroCount,
				Math.max(this.zeroThreshold, other.zeroThreshold), sum(one.positive, two.positive),
				sum(one.negative, two.negative));
	}

	private NativeBuckets withSchema(int coarser) {
		int shift = this.schema - coarser;
		return (shift == 0) ? this : new NativeBuckets(coarser, this.zeroCount, this.zeroThreshold,
				merge(this.positive, shift), merge(this.negative, shift));
	}

	/**
	 * Each step to a coarser schema makes one of two neighbours, the upper of which has
	 * an even index.
	 */
	private static Map<Integer, Long> merge(Map<Integer, Long> buckets, int shift) {
		Map<Integer, Long> merged = new TreeMap<>();
		buckets.forEach((index, count) -> {
			int coarse = index;
			for (int step = 0; step < shift; step++) {
				coarse = (coarse + 1) >> 1;
			}
			merged.merge(coarse, count, Long::sum);
		});
		return merged;
	}

	private static Map<Integer, Long> sum(Map<Integer, Long> one, Map<Integer, Long> other) {
		Map<Integer, Long> sum = new TreeMap<>(one);
		other.forEach((index, count) -> sum.merge(index, count, Long::sum));
		return sum;
	}

}
