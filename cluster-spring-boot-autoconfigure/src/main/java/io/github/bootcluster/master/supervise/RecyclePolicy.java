package io.github.bootcluster.master.supervise;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

import io.github.bootcluster.WorkerVitals;
import org.jspecify.annotations.Nullable;

/**
 * When a worker that does well is replaced all the same.
 *
 * @param maxRequests after how many requests, 0 for never
 * @param maxRequestsJitter by how much, drawn for each worker, that number may be
 * exceeded
 * @param maxLifetime how long after it became ready, zero for never
 * @param maxMemory above how many bytes of resident memory, 0 for never
 */
public record RecyclePolicy(long maxRequests, long maxRequestsJitter, Duration maxLifetime, long maxMemory) {

	private static final int MEBI = 1024 * 1024;

	/**
	 * Tells whether no worker is ever replaced.
	 */
	boolean isOff() {
		return this.maxRequests == 0 && this.maxLifetime.isZero() && this.maxMemory == 0;
	}

	/**
	 * Draws the number of requests after which one worker is replaced.
	 * @param fraction the share of the jitter, from 0 to below 1
	 * @return the number, {@link Long#MAX_VALUE} for never
	 */
	long requestLimit(double fraction) {
		if (this.maxRequests == 0) {
			return Long.MAX_VALUE;
		}
		long jitter = (long) (fraction * this.maxRequestsJitter);
		return (jitter > Long.MAX_VALUE - this.maxRequests) ? Long.MAX_VALUE : this.maxRequests + jitter;
	}

	/**
	 * Tells why a worker is to be replaced.
	 * @param memory its resident memory in bytes, or {@code null} if that is unknown
	 * @return a phrase fit for a log line, or empty if it is to go on
	 */
	Optional<String> reason(long requestLimit, @Nullable WorkerVitals vitals, Duration served, @Nullable Long memory) {
		if (vitals != null && vitals.requests() >= requestLimit) {
			return Optional.of("recycled after %s requests".formatted(grouped(vitals.requests())));
		}
		if (!this.maxLifetime.isZero() && served.compareTo(this.maxLifetime) >= 0) {
			return Optional.of("recycled after %s s of service".formatted(grouped(served.toSeconds())));
		}
		if (this.maxMemory > 0 && memory != null && memory > this.maxMemory) {
			return Optional.of("recycled with %s MB of resident memory".formatted(grouped(memory / MEBI)));
		}
		return Optional.empty();
	}

	private static String grouped(long number) {
		return String.format(Locale.ROOT, "%,d", number);
	}

}
