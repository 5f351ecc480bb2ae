package io.github.bootcluster;

import org.jspecify.annotations.Nullable;

/**
 * What came of the wish that a worker should end.
 *
 * @param worker the worker as it was last seen
 * @param exit how it ended, or {@code null} if the worker that asked is the one that
 * ends: it is told before, as nobody could tell it afterwards
 */
public record DisconnectOutcome(ClusterWorker worker, @Nullable WorkerExit exit) {

}
