package io.github.bootcluster.master;

import java.time.Duration;

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

}
