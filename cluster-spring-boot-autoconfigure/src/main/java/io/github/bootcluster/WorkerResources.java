package io.github.bootcluster;

/**
 * What a worker has of the host, whether the cluster or an option of its own says so.
 *
 * @param processors the processors that its JVM counts on
 * @param eventLoops the event loops that its servers run on by default, 0 without Reactor
 * Netty
 * @param maxHeap the largest heap that its JVM may have, in bytes
 */
public record WorkerResources(int processors, int eventLoops, long maxHeap) {

}
