package io.github.bootcluster.actuate;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * Body that tells that the cluster is about to end.
 *
 * @param workers how many workers finish their connections and end
 */
record ShutdownDescriptor(int workers) implements OperationResponseBody {

}
