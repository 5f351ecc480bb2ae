package io.github.bootcluster.wire;

import java.io.IOException;

/**
 * Thrown when somebody connects who is not of the cluster.
 */
class UnauthorizedPeerException extends IOException {

	UnauthorizedPeerException(String who) {
		super("Connection of a stranger (%s)".formatted(who));
	}

}
