package io.github.bootcluster;

/**
 * What a worker last told of itself. It tells so about once a second, as long as all of
 * its event loops answer.
 *
 * @param requests how many HTTP requests it has answered, those below the management path
 * apart
 * @param errors how many of them it has answered with a status of 5xx
 * @param connections how many connections it has open
 * @param moved how many idle connections it has given back for another worker since it
 * drains
 * @param accepting whether its application accepts traffic, by Spring's readiness state
 */
public record WorkerVitals(long requests, long errors, int connections, long moved, boolean accepting) {

}
