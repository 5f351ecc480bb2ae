package io.github.bootcluster.autoconfigure.role;

import io.github.bootcluster.ClusterRole;
import io.github.bootcluster.wire.WorkerIdentity;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.logging.DeferredLog;

/**
 * What was decided on a run of an application before there was a log.
 *
 * @param role the role, of no use with a failure
 * @param main whether the cluster is about this run, and not about another one of this
 * process
 * @param identity who this process is, in a worker
 * @param log what there is to say of the decision
 * @param failure what prevented the decision, or {@code null}
 */
record RoleDecision(ClusterRole role, boolean main, @Nullable WorkerIdentity identity, DeferredLog log,
		@Nullable RuntimeException failure) {

}
