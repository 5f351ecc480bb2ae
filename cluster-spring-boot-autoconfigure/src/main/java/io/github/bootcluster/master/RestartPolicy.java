package io.github.bootcluster.master;

import java.time.Duration;

/**
 * How a rolling restart goes about it.
 *
 * @param timeout how long it may take
 * @param surge how many workers more than wanted may run at once; with 0 an old one goes
 * before a new one comes
 * @param soak how long the first worker of the new generation has to prove itself, zero
 * if it is enough that it is ready
 */
public record RestartPolicy(Duration timeout, int surge, Duration soak) {

}
