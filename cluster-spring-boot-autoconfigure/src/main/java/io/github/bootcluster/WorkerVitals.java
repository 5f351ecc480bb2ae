package io.github.bootcluster;

import java.time.Duration;
import java.util.Objects;

/**
 * What a worker last told of itself. It does so about once a second while it serves, and
 * every five seconds or less while nothing changes, as long as all of its event loops
 * answer.
 *
 * @param requests how many HTTP requests it has answered, those below the management path
 * apart
 * @param errors how many of them it has answered with a status of 5xx
 * @param connections how many connections it has open
 * @param moved how many idle connections it has given back for another worker since it
 * drains
 * @param accepting whether its application accepts traffic, by Spring's readiness state
 * @param loopLag how long the slowest of its event loops took to run a task for this
 * report, in steps of 10 ms
 * @param cpuLoad the processor time that it has used since its previous report, as a
 * share of the processors that its JVM counts on: 0 to 1 in steps of 0.05, or 0 where
 * that is not known
 */
public record WorkerVitals(long requests, long errors, int connections, long moved, boolean accepting, Duration loopLag,
		double cpuLoad) {

	public WorkerVitals {
		Objects.requireNonNull(loopLag, "loopLag");
	}

}
