package io.github.bootcluster.autoconfigure.properties;

import java.time.Duration;

import org.springframework.boot.context.properties.bind.Binder;

/**
 * How long an application may take to stop once its connections are drained. Unless it is
 * set, that is longer than Spring waits for one phase of it.
 */
public final class StopTimeout {

	private static final String PHASE = "spring.lifecycle.timeout-per-shutdown-phase";

	private static final Duration SPRINGS_DEFAULT = Duration.ofSeconds(30);

	private static final Duration LONGEST = Duration.ofDays(365);

	/**
	 * For what comes behind the last phase: singletons are destroyed, the JVM ends.
	 */
	private static final Duration MARGIN = Duration.ofSeconds(5);

	private StopTimeout() {
	}

	public static Duration of(Binder binder, ClusterProperties.Worker worker) {
		Duration set = worker.stopTimeout();
		if (set != null) {
			return set;
		}
		Duration phase = binder.bind(PHASE, Duration.class).orElse(SPRINGS_DEFAULT);
		return (phase.compareTo(LONGEST) < 0) ? phase.plus(MARGIN) : LONGEST;
	}

}
